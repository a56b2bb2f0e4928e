package telegram

import (
	"encoding/json"
	"strconv"
	"strings"

	"omni/channels/internal/wire"
)

// Parameters that name the topic to write in: of a forum, and of a channel's direct messages, where each subscriber has one.
const (
	forumTopic  = "message_thread_id"
	directTopic = "direct_messages_topic_id"
)

// directPrefix tells the topics of direct messages from those of forums, which have numbers too.
const directPrefix = "direct:"

// topicOf is the topic of a message. A thread id without is_topic_message only groups the answers to one message.
func topicOf(m wire.Object) string {
	if id := m.Object("direct_messages_topic").ID("topic_id"); id != "" {
		return directPrefix + id
	}
	if m.Bool("is_topic_message") {
		return m.ID("message_thread_id")
	}
	return ""
}

// openTopic takes a topic's name apart. What is no topic of ours names none: an answer is worth more than its place.
func openTopic(topic string) (parameter string, id json.Number, ok bool) {
	parameter = forumTopic
	number, direct := strings.CutPrefix(topic, directPrefix)
	if direct {
		parameter = directTopic
	}
	if _, err := strconv.ParseInt(number, 10, 64); err != nil {
		return "", "", false
	}
	return parameter, json.Number(number), true
}
