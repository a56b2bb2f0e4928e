package simulator

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"omni/channels/simulate"
)

// hints are the methods that send nothing to keep, with their parameters.
var hints = map[string][]string{
	"sendChatAction":      {"chat_id", "business_connection_id", "action"},
	"readBusinessMessage": {"chat_id", "business_connection_id", "message_id"},
	"answerCallbackQuery": {"callback_query_id"},
}

// actions are what a bot can be seen to do. Source: core.telegram.org/bots/api#sendchataction.
var actions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
	"find_location", "record_video_note", "upload_video_note",
}

var queryForm = regexp.MustCompile(`^[0-9]{1,20}$`)

func (a *api) hint(method string, r *http.Request) (any, *refusal) {
	g, refused := readParams(r, hints[method]...)
	switch {
	case refused != nil:
		return nil, refused
	case method == "answerCallbackQuery" && queryForm.MatchString(g.values["callback_query_id"]):
		return true, nil
	case method == "answerCallbackQuery":
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	case method == "readBusinessMessage" && g.values["business_connection_id"] == "":
		return nil, badRequest("business connection not found")
	case method == "readBusinessMessage" && g.int("message_id") <= 0:
		return nil, badRequest("MESSAGE_ID_INVALID")
	case method == "sendChatAction" && !slices.Contains(actions, g.values["action"]):
		return nil, badRequest("wrong parameter action in request")
	}
	if refused := checkChat(g); refused != nil {
		return nil, refused
	}
	shown := simulate.Hint{Thread: thread(g), Typing: method == "sendChatAction", Read: method == "readBusinessMessage"}
	if shown.Read {
		shown.Message = fmt.Sprintf("%s/%d", shown.Thread, g.int("message_id"))
	}
	a.Hint(shown)
	return true, nil
}
