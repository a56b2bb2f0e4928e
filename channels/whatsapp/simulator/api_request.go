package simulator

import (
	"encoding/json"
	"net/http"
)

// request is what the edge `messages` takes. A member that is not here is refused.
// Source: .../whatsapp/reference/whatsapp-business-phone-number/message-api.
type request struct {
	Product       string `json:"messaging_product"`
	RecipientType string `json:"recipient_type"`
	To            string `json:"to"`
	Recipient     string `json:"recipient"` // a BSUID
	Type          string `json:"type"`
	Handle        string `json:"biz_opaque_callback_data"`
	Context       *struct {
		MessageID string `json:"message_id"`
	} `json:"context"`

	Text        *textPart        `json:"text"`
	Image       *filePart        `json:"image"`
	Video       *filePart        `json:"video"`
	Audio       *filePart        `json:"audio"`
	Document    *filePart        `json:"document"`
	Sticker     *filePart        `json:"sticker"`
	Location    *placePart       `json:"location"`
	Contacts    []cardPart       `json:"contacts"`
	Interactive *interactivePart `json:"interactive"`
	Reaction    *reactionPart    `json:"reaction"`
	Template    *templatePart    `json:"template"`

	Status    string `json:"status"` // "read", of a notice and not of a message
	MessageID string `json:"message_id"`
	Typing    *struct {
		Type string `json:"type"`
	} `json:"typing_indicator"`
}

type textPart struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

type filePart struct {
	ID       string `json:"id"`
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"` // of documents
	Voice    bool   `json:"voice"`    // of audio
}

type placePart struct {
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`
	Name      string   `json:"name"`
	Address   string   `json:"address"`
}

type cardPart struct {
	Name struct {
		Formatted string `json:"formatted_name"`
		First     string `json:"first_name"`
	} `json:"name"`
	Phones []struct {
		Phone string `json:"phone"`
		WaID  string `json:"wa_id"`
	} `json:"phones"`
	Emails []struct {
		Email string `json:"email"`
	} `json:"emails"`
	Org struct {
		Company string `json:"company"`
	} `json:"org"`
}

type interactivePart struct {
	Type   string   `json:"type"` // button or list
	Body   textBody `json:"body"`
	Action struct {
		Button  string `json:"button"` // of a list
		Buttons []struct {
			Type  string  `json:"type"`
			Reply rowPart `json:"reply"`
		} `json:"buttons"`
		Sections []struct {
			Title string    `json:"title"`
			Rows  []rowPart `json:"rows"`
		} `json:"sections"`
	} `json:"action"`
}

type textBody struct {
	Text string `json:"text"`
}

type rowPart struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type reactionPart struct {
	MessageID string  `json:"message_id"`
	Emoji     *string `json:"emoji"`
}

type templatePart struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []componentPart `json:"components"`
}

type componentPart struct {
	Type       string          `json:"type"`     // header, body or button
	SubType    string          `json:"sub_type"` // of a button: quick_reply, url or copy_code
	Index      string          `json:"index"`    // of a button
	Parameters []parameterPart `json:"parameters"`
}

type parameterPart struct {
	Type     string    `json:"type"`
	Name     string    `json:"parameter_name"`
	Text     string    `json:"text"`
	Payload  string    `json:"payload"`
	Code     string    `json:"coupon_code"`
	Image    *filePart `json:"image"`
	Video    *filePart `json:"video"`
	Document *filePart `json:"document"`
}

func (r *request) read(from *http.Request) m {
	if from.Header.Get("Content-Type") != "application/json" {
		return refuse(100, "Invalid parameter", "The body must be JSON")
	}
	decoder := json.NewDecoder(from.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(r); err != nil {
		return refuse(100, "Invalid parameter", err.Error())
	}
	return nil
}

// present names the contents that the request has.
func (r *request) present() []string {
	var names []string
	for _, part := range []struct {
		name string
		is   bool
	}{
		{"text", r.Text != nil}, {"image", r.Image != nil}, {"video", r.Video != nil}, {"audio", r.Audio != nil},
		{"document", r.Document != nil}, {"sticker", r.Sticker != nil}, {"location", r.Location != nil}, {"contacts", r.Contacts != nil},
		{"interactive", r.Interactive != nil}, {"reaction", r.Reaction != nil}, {"template", r.Template != nil},
	} {
		if part.is {
			names = append(names, part.name)
		}
	}
	return names
}

// file is the message's file, if it is one.
func (r *request) file() *filePart {
	for _, file := range []*filePart{r.Image, r.Video, r.Audio, r.Document, r.Sticker} {
		if file != nil {
			return file
		}
	}
	return nil
}
