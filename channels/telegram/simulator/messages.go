package simulator

import (
	"fmt"
	"maps"
	"strconv"

	"omni/channels"
)

// message puts content into a new message of the customer's private chat with the bot.
func message(content func(play) object) maker {
	return func(p play) (update, error) {
		return p.said("message", channels.KindMessage, p.privateThread(), p.new(p.private(), content(p))), nil
	}
}

// service puts content into a message that the service wrote into the customer's group.
func service(content func(play) object) maker {
	return func(p play) (update, error) {
		return p.said("message", channels.KindSystem, p.groupThread(), p.new(p.group(), content(p))), nil
	}
}

// new is a message that the customer writes into the chat.
func (p play) new(chat, content object) object {
	m := object{"message_id": p.number, "from": p.user(), "chat": chat, "date": p.At.Unix()}
	maps.Copy(m, content)
	return m
}

func (p play) said(key string, kind channels.Kind, thread string, body object) update {
	return update{key, body, expect(kind, thread, fmt.Sprintf("%s/%d", thread, p.number))}
}

// contents are what can be in a message.
var contents = map[string]func(play) object{
	"animation": func(p play) object {
		gif := p.file(object{"mime_type": "video/mp4", "file_name": "wave.mp4", "duration": 2, "width": 320, "height": 240})
		return object{"animation": gif, "document": gif}
	},
	"audio": func(p play) object {
		return object{"audio": p.file(object{"mime_type": "audio/mpeg", "duration": 180, "performer": "The Simulators", "title": "Song"})}
	},
	"checklist": func(p play) object {
		return object{"checklist": object{"title": "To do", "tasks": []object{{"id": 1, "text": "Call"}, {"id": 2, "text": "Pay"}}}}
	},
	"contact": func(p play) object {
		phone := fmt.Sprintf("49151%07d", p.Customer.Number)
		return object{"contact": object{"phone_number": phone, "first_name": "Me", "user_id": p.customerID()}}
	},
	"dice": func(p play) object { return object{"dice": object{"emoji": "🎲", "value": 1 + p.Rand.IntN(6)}} },
	"document": func(p play) object {
		return object{"document": p.file(object{"mime_type": "application/pdf", "file_name": "a.pdf"})}
	},
	"forward_origin": func(p play) object {
		origin := object{"type": "hidden_user", "sender_user_name": "Somebody", "date": p.At.Unix() - 60}
		return object{"text": "Have you seen this?", "forward_origin": origin}
	},
	"game": func(p play) object {
		return object{"game": object{"title": "Stacker", "description": "Stack them", "photo": p.photo()}}
	},
	"invoice": func(p play) object {
		return object{"invoice": object{"title": "Order", "description": "One", "currency": "EUR", "total_amount": 1250}}
	},
	"live_photo": func(p play) object {
		return object{"live_photo": p.file(object{"duration": 3, "width": 720, "height": 960}), "photo": p.photo()}
	},
	"location": func(p play) object { return object{"location": p.point()} },
	"location_live": func(p play) object {
		point := p.point()
		point["live_period"] = 900
		return object{"location": point}
	},
	"media_group": func(p play) object { // one item of an album
		return object{"photo": p.photo(), "media_group_id": strconv.FormatInt(p.At.Unix()/60, 10) + "0007"}
	},
	"paid_media": func(p play) object {
		return object{"paid_media": object{"star_count": 5, "paid_media": []object{{"type": "photo", "photo": p.photo()}}}}
	},
	"photo": func(p play) object { return object{"photo": p.photo(), "caption": p.Worded("Look at this 📷")} },
	"poll": func(p play) object {
		options := []object{{"text": "Now", "voter_count": 0}, {"text": "Later", "voter_count": 0}}
		return object{"poll": object{"id": p.digits(), "question": "When?", "type": "regular", "options": options, "is_closed": false}}
	},
	"reply_to_story": func(p play) object {
		return object{"text": "Nice!", "reply_to_story": object{"chat": channel(), "id": 5}}
	},
	"rich_message": func(p play) object {
		return object{"rich_message": object{"blocks": []object{
			{"type": "heading", "size": 1, "text": "Question"},
			{"type": "paragraph", "text": []any{"Is it ", object{"type": "bold", "text": "in stock"}, "?"}},
		}}}
	},
	"sticker": func(p play) object {
		return object{"sticker": p.file(object{"type": "regular", "width": 512, "height": 512, "is_video": true, "emoji": "👍"})}
	},
	"story": func(p play) object { return object{"story": object{"chat": channel(), "id": 5}} },
	"text":  func(p play) object { return object{"text": p.Worded(texts[p.Rand.IntN(len(texts))])} },
	"text_entities": func(p play) object {
		entities := []object{{"type": "bot_command", "offset": 3, "length": 6}, {"type": "bold", "offset": 10, "length": 3}}
		return object{"text": "🙂 /start now", "entities": entities}
	},
	"unknown_content": func(p play) object { return object{"hologram": p.file(object{})} },
	"venue": func(p play) object {
		point := p.point()
		return object{"location": point, "venue": object{"location": point, "title": "Shop", "address": "High Street 1"}}
	},
	"video": func(p play) object {
		return object{"video": p.file(object{"mime_type": "video/mp4", "duration": 7, "width": 720, "height": 1280})}
	},
	"video_note": func(p play) object { return object{"video_note": p.file(object{"length": 384, "duration": 5})} },
	"voice":      func(p play) object { return object{"voice": p.file(object{"mime_type": "audio/ogg", "duration": 4})} },
}

var texts = []string{"Hello!", "Where is my order?", "👋🏽 Do you ship to Portugal?", "0", "Danke, das war's.", "اريد مساعدة", "/start"}

// services are what the service writes into groups.
var services = map[string]func(play) object{
	"forum_topic_created": func(p play) object {
		return object{"forum_topic_created": object{"name": "Repairs", "icon_color": 7322096}}
	},
	"group_chat_created": func(p play) object { return object{"group_chat_created": true} },
	"left_chat_member":   func(p play) object { return object{"left_chat_member": p.user()} },
	"migrate_to_chat_id": func(p play) object { return object{"migrate_to_chat_id": p.groupID() - 1_000_000} },
	"migrate_from_chat_id": func(p play) object {
		return object{"migrate_from_chat_id": -4_000_000_000 - p.Customer.Number}
	},
	"new_chat_members": func(p play) object { return object{"new_chat_members": []object{p.user()}} },
	"new_chat_title":   func(p play) object { return object{"new_chat_title": "Friends"} },
	"pinned_message": func(p play) object {
		return object{"pinned_message": object{"chat": p.group(), "message_id": p.number - 1, "date": 0}}
	},
	"successful_payment": func(p play) object {
		return object{"successful_payment": object{"currency": "EUR", "total_amount": 1250, "invoice_payload": "order",
			"telegram_payment_charge_id": p.digits(), "provider_payment_charge_id": "ch_" + p.digits()}}
	},
	"web_app_data": func(p play) object {
		return object{"web_app_data": object{"data": `{"size":30}`, "button_text": "Choose"}}
	},
}

// file adds to what is known of a file what every file has.
func (p play) file(about object) object {
	about["file_id"] = "BQACAgQAAxkBAAI" + p.letters(40)
	about["file_unique_id"] = "AgAD" + p.letters(11)
	about["file_size"] = 1000 + p.Rand.IntN(4_000_000)
	return about
}

// photo is one photo in its sizes.
func (p play) photo() []object {
	small, large := object{"width": 90, "height": 67}, object{"width": 1280, "height": 960}
	return []object{p.file(small), p.file(large)}
}

func (p play) point() object {
	return object{"latitude": 38 + p.Rand.Float64(), "longitude": -9 - p.Rand.Float64()}
}

func (p play) letters(n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[p.Rand.IntN(len(alphabet))]
	}
	return string(b)
}

// digits is an id like those of queries and polls, unique to the event.
func (p play) digits() string { return fmt.Sprintf("%d%03d", p.number, p.Customer.Number%1000) }
