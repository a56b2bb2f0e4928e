package simulator

import (
	"fmt"
	"maps"
	"strconv"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// changes are the kinds of what a customer can do to a message.
func changes() map[string]maker {
	return map[string]maker{
		"reaction":         changed(channels.KindReaction, "reaction", reaction),
		"reaction_removed": changed(channels.KindReaction, "reaction", func(_ *stage, target string) m { return m{"message_id": target, "emoji": ""} }),
		"edit":             changed(channels.KindEdit, "edit", edited),
		"revoke":           changed(channels.KindDelete, "revoke", revoked),
	}
}

func changed(kind channels.Kind, typ string, content func(s *stage, target string) m) maker {
	return func(s *stage) (simulate.Event, error) {
		target, err := s.earlierID()
		if err != nil {
			return simulate.Event{}, err
		}
		return s.says(kind, s.message(typ, content(s, target))), nil
	}
}

func reaction(s *stage, target string) m {
	return m{"message_id": target, "emoji": s.Worded("👍🏽")}
}

func edited(s *stage, target string) m {
	body := s.Worded("I meant the green one.")
	return m{"original_message_id": target, "message": m{"type": "text", "text": m{"body": body}}}
}

func revoked(_ *stage, target string) m { return m{"original_message_id": target} }

var pricing = m{"pricing": m{"billable": true, "pricing_model": "PMP", "type": "regular", "category": "utility"}}

// statuses are the kinds of what becomes of a message. Each is about a message of its own that another application sent.
func statuses() map[string]maker {
	failure := m{"errors": []any{complaint(131047, "Re-engagement message", "More than 24 hours have passed since the customer last replied.")}}
	return map[string]maker{
		"status_sent":      status("sent", pricing),
		"status_delivered": status("delivered", pricing),
		"status_read":      status("read", nil),
		"status_played":    status("played", nil),
		"status_failed":    status("failed", failure),
		"status_group":     func(s *stage) (simulate.Event, error) { return s.groupStatus("read", nil), nil },
	}
}

func status(word string, more m) maker {
	return func(s *stage) (simulate.Event, error) { return s.status(word, more), nil }
}

func (s *stage) status(word string, more m) simulate.Event {
	element := m{"id": s.id, "status": word, "timestamp": s.timestamp()}
	s.name(element, "recipient_id", "recipient_user_id")
	maps.Copy(element, more)
	return s.reports("messages", "statuses", element, nil, s.expect(channels.KindStatus, s.id+"/"+word))
}

func (s *stage) groupStatus(word string, more m) simulate.Event {
	element := m{"id": s.id, "status": word, "timestamp": s.timestamp(), "recipient_id": groupOf(s.Account), "recipient_type": "group"}
	s.name(element, "recipient_participant_id", "recipient_participant_user_id")
	maps.Copy(element, more)
	expect := s.expect(channels.KindStatus, s.id+"/"+word+"/"+s.thread())
	expect.Thread = groupOf(s.Account)
	return s.reports("messages", "statuses", element, nil, expect)
}

// businessApp are the kinds of what comes from the WhatsApp Business app of a number that uses it beside the API.
func businessApp() map[string]maker {
	return map[string]maker{
		"echo_text":     echoed(channels.KindMessage, "text", func(*stage) any { return m{"body": "We are open until 6."} }),
		"echo_image":    echoed(channels.KindMessage, "image", func(s *stage) any { return s.file("image/jpeg", nil) }),
		"echo_edit":     echoedChange(channels.KindEdit, "edit", edited),
		"echo_revoke":   echoedChange(channels.KindDelete, "revoke", revoked),
		"history":       history,
		"history_media": historyMedia,
		"history_declined": func(s *stage) (simulate.Event, error) {
			errs := []any{complaint(2593109, "History sync is turned off", "trace "+graphsim.Digits(12, s.id))}
			return s.reports("history", "history", m{"errors": errs}, nil, s.notice("history", errs)), nil
		},
		"smb_app_state_sync": func(s *stage) (simulate.Event, error) {
			entry := m{"full_name": s.Customer.Name, "phone_number": phoneNumber(s.Customer.Number)}
			element := m{"type": "contact", "contact": entry, "action": "add", "metadata": m{"timestamp": s.timestamp()}}
			return s.reports("smb_app_state_sync", "state_sync", element, nil, s.notice("smb_app_state_sync", element)), nil
		},
	}
}

// sent is a message of the business.
func (s *stage) sent(typ string, content any) m {
	message := m{"from": businessNumber(s.Account), "id": s.id, "timestamp": s.timestamp(), "type": typ, typ: content}
	s.name(message, "to", "to_user_id")
	return message
}

func echoed(kind channels.Kind, typ string, content func(*stage) any) maker {
	return func(s *stage) (simulate.Event, error) {
		return s.reports("smb_message_echoes", "message_echoes", s.sent(typ, content(s)), nil, s.expect(kind, s.id)), nil
	}
}

func echoedChange(kind channels.Kind, typ string, content func(s *stage, target string) m) maker {
	return func(s *stage) (simulate.Event, error) {
		target, err := s.earlierID()
		if err != nil {
			return simulate.Event{}, err
		}
		return echoed(kind, typ, func(s *stage) any { return content(s, target) })(s)
	}
}

// history is a chunk with one thread: a question, the answer and the answer's fate.
func history(s *stage) (simulate.Event, error) {
	question := s.message("text", m{"body": s.sentence()})
	question["history_context"] = m{"status": "READ"}
	answerID := s.wamid("answer")
	answer := m{"from": businessNumber(s.Account), "id": answerID, "timestamp": s.timestamp(), "type": "text",
		"text": m{"body": "Yes, it is."}, "history_context": m{"status": "DELIVERED"}}
	thread := m{"messages": []any{question, answer}}
	s.name(thread, "id", "user_id")
	chunk := m{"metadata": m{"phase": 0, "chunk_order": s.Serial, "progress": 55}, "threads": []any{thread}}
	return s.reports("history", "history", chunk, nil, s.expect(channels.KindMessage, s.id),
		s.expect(channels.KindMessage, answerID), s.expect(channels.KindStatus, answerID+"/delivered")), nil
}

func historyMedia(s *stage) (simulate.Event, error) {
	message := s.message("image", s.file("image/jpeg", m{"caption": "last spring"}))
	return s.reports("history", "messages", message, nil, s.expect(channels.KindEdit, s.id)), nil
}

// notice is a system event without an id that belongs to no chat.
func (s *stage) notice(field string, content any) simulate.Expected {
	return simulate.Expected{Kind: channels.KindSystem, Account: s.Account, ID: s.hash(field, "system", content)}
}

// notices are the kinds of what nobody says.
func notices() map[string]maker {
	return map[string]maker{
		"system_user_changed_number": func(s *stage) (simulate.Event, error) {
			number := "49160" + graphsim.Digits(8, s.id)
			return s.says(channels.KindSystem, s.message("system", m{"type": "user_changed_number", "wa_id": number,
				"body": fmt.Sprintf("User %s changed from %s to %s", s.Customer.Name, s.thread(), number)})), nil
		},
		"user_id_update":                 idUpdate,
		"user_preferences":               preference,
		"group_participants_update":      joined,
		"call_connect":                   call("connect", m{"session": m{"sdp_type": "offer", "sdp": "v=0"}}),
		"call_terminate":                 call("terminate", m{"status": "COMPLETED", "duration": 55}),
		"call_status":                    callStatus,
		"errors":                         failure,
		"message_template_status_update": account("message_template_status_update", template),
		"account_update": account("account_update", func(s *stage) m {
			client := m{"waba_id": graphsim.Digits(15, s.id), "owner_business_id": graphsim.Digits(15, s.Account)}
			return m{"event": "PARTNER_ADDED", "waba_info": client}
		}),
		"made_up_field":  madeUpField,
		"made_up_change": madeUpChange,
	}
}

func idUpdate(s *stage) (simulate.Event, error) {
	element := m{"detail": "The user's id changed.", "timestamp": s.timestamp(),
		"user_id": m{"previous": s.bsuid, "current": "DE." + graphsim.Digits(17, s.id)}}
	if s.waID != "" {
		element["wa_id"] = s.waID
	}
	return s.reports("user_id_update", "user_id_update", element, nil,
		s.expect(channels.KindSystem, s.hash("user_id_update", "system", element))), nil
}

func preference(s *stage) (simulate.Event, error) {
	element := m{"category": "marketing_messages", "value": "stop", "timestamp": s.At.Unix(),
		"detail": "User requested to stop marketing messages, case " + strconv.Itoa(s.Serial)}
	s.name(element, "wa_id", "user_id")
	return s.reports("user_preferences", "user_preferences", element, s.contact(),
		s.expect(channels.KindSystem, s.hash("user_preferences", "system", element))), nil
}

func joined(s *stage) (simulate.Event, error) {
	member := m{}
	s.name(member, "wa_id", "user_id")
	element := m{"timestamp": s.timestamp(), "group_id": groupOf(s.Account), "type": "group_participants_add", "reason": "invite_link",
		"request_id": graphsim.Digits(16, s.id), "added_participants": []any{member}}
	expect := s.notice("group_participants_update", element)
	expect.Thread = groupOf(s.Account)
	return s.reports("group_participants_update", "groups", element, nil, expect), nil
}

func call(event string, more m) maker {
	return func(s *stage) (simulate.Event, error) {
		id := "wacid.ABGG" + s.checksum()[:24]
		element := m{"id": id, "to": businessNumber(s.Account), "event": event, "direction": "USER_INITIATED", "timestamp": s.timestamp()}
		s.name(element, "from", "from_user_id")
		for key, value := range more {
			element[key] = value
		}
		return s.reports("calls", "calls", element, s.contact(), s.expect(channels.KindSystem, id+"/"+event)), nil
	}
}

func callStatus(s *stage) (simulate.Event, error) {
	id := "wacid.ABGG" + s.checksum()[:24]
	element := m{"id": id, "type": "call", "status": "RINGING", "timestamp": s.timestamp()}
	s.name(element, "recipient_id", "recipient_user_id")
	return s.reports("calls", "statuses", element, nil, s.expect(channels.KindSystem, id+"/ringing")), nil
}

// account is a notice whose whole value is one event and names no phone number.
func account(field string, value func(*stage) m) maker {
	return func(s *stage) (simulate.Event, error) {
		content := value(s)
		expect := simulate.Expected{Kind: channels.KindSystem, ID: s.hash(field, "account", content)}
		return s.reports(field, "", content, nil, expect), nil
	}
}

func template(s *stage) m {
	return m{"event": "APPROVED", "message_template_id": 1_000_000_000 + s.Serial, "reason": "NONE",
		"message_template_name": "pickup_ready_" + graphsim.Digits(6, s.id), "message_template_language": "de", "message_template_category": "UTILITY"}
}

// failure is a complaint beside no message. Its value is packed by itself, because a list of errors is one event.
func failure(s *stage) (simulate.Event, error) {
	errs := []any{complaint(130429, "Rate limit hit", "Too many messages were sent, trace "+graphsim.Digits(12, s.id))}
	value := m{"messaging_product": "whatsapp", "metadata": metadata(s.Account), "errors": errs}
	return s.reports("messages", "", value, nil, s.notice("messages", errs)), nil
}

// madeUpField is a field that Meta does not have (yet).
func madeUpField(s *stage) (simulate.Event, error) {
	value := m{"metadata": metadata(s.Account), "thoughts": []any{m{"id": s.id}}}
	expect := simulate.Expected{Kind: channels.KindUnknown, Account: s.Account,
		ID: s.hash("telepathy", "unknown", m{"field": "telepathy", "value": value})}
	return s.reports("telepathy", "", value, nil, expect), nil
}

// madeUpChange is a list that Meta does not have (yet) in a field that it has.
func madeUpChange(s *stage) (simulate.Event, error) {
	list := m{"polls": []any{m{"id": s.id, "question": "Tea or coffee?"}}}
	value := m{"messaging_product": "whatsapp", "metadata": metadata(s.Account), "polls": list["polls"]}
	expect := simulate.Expected{Kind: channels.KindUnknown, Account: s.Account, ID: s.hash("messages", "unknown", list)}
	return s.reports("messages", "", value, nil, expect), nil
}
