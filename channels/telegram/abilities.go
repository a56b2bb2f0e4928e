package telegram

import "omni/channels"

// sends are what a bot can send besides texts and files. Source: core.telegram.org/bots/api, the methods that this package calls.
var sends = channels.Abilities{
	Caption: channels.TextLimit{Max: 1024, Unit: channels.Characters},
	Captioned: []channels.AttachmentKind{
		channels.Image, channels.Video, channels.Audio, channels.Voice, channels.Animation, channels.Document,
	},
	Places:  true,
	Cards:   true,
	Replies: true,
	Choices: &channels.ChoiceLimit{
		// Only the length of callback_data is documented. More and longer buttons are refused at some size ("reply markup is too long"),
		// and long before that nobody can read them.
		Options: 30,
		Text:    channels.TextLimit{Max: 4096, Unit: channels.Characters},
		Title:   64,
		ID:      64,
	},
	Reactions: &channels.ReactionLimit{Emojis: reactionEmojis},
}

// reactionEmojis are those with which a bot can react, unless a group allows fewer.
// Source: core.telegram.org/bots/api#reactiontypeemoji.
var reactionEmojis = []string{
	"👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳",
	"❤\u200d🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨\u200d💻",
	"👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾",
	"🤷\u200d♂", "🤷", "🤷\u200d♀", "😡",
}
