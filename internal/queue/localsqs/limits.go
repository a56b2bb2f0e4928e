package localsqs

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a message may be. Source: APIReference/API_SendMessage.html, SQSDeveloperGuide/sqs-message-metadata.html.

const maxAttributes = 10 // of a message

// checkOrdering refuses a message that a FIFO queue could not place.
func (q *queue) checkOrdering(e *sendEntry, noGroup error) error {
	switch {
	case !q.settings.fifo:
		return nil
	case e.MessageGroupId == nil:
		return noGroup
	case e.MessageDeduplicationId == nil && !q.settings.contentDedup:
		return errInvalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	return nil
}

func (q *queue) checkMessage(e *sendEntry) error {
	if e.MessageBody == "" {
		return errMissing("MessageBody")
	}
	if size := e.size(); size > q.settings.maxSize {
		return errInvalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.settings.maxSize)
	}
	if !validText(e.MessageBody) {
		return errContents()
	}
	if err := q.checkDelay(e); err != nil {
		return err
	}
	if err := checkToken("MessageGroupId", e.MessageGroupId); err != nil {
		return err
	}
	if err := checkToken("MessageDeduplicationId", e.MessageDeduplicationId); err != nil {
		return err
	}
	if e.MessageDeduplicationId != nil && !q.settings.fifo {
		return errInvalidValue("MessageDeduplicationId", *e.MessageDeduplicationId, notOfThisType)
	}
	return checkMessageAttributes(e)
}

const notOfThisType = "The request include parameter that is not valid for this queue type."

func (q *queue) checkDelay(e *sendEntry) error {
	if e.DelaySeconds == nil {
		return nil
	}
	switch delay := *e.DelaySeconds; {
	case delay < 0 || delay > maxDelay:
		return errInvalidValue("DelaySeconds", delay, "DelaySeconds must be >= 0 and <= 900.")
	case delay > 0 && q.settings.fifo:
		return errInvalidValue("DelaySeconds", delay, notOfThisType)
	}
	return nil
}

// token is what group and deduplication ids are made of: visible ASCII.
var token = regexp.MustCompile("^[!-~]{1,128}$")

func checkToken(parameter string, id *string) error {
	if id == nil || token.MatchString(*id) {
		return nil
	}
	return errInvalidValue(parameter, *id, parameter+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
}

var (
	attributeName     = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	reservedAttribute = regexp.MustCompile(`(?i)^(aws|amazon)\.`)
)

func checkMessageAttributes(e *sendEntry) error {
	if len(e.MessageAttributes) > maxAttributes {
		return errInvalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", len(e.MessageAttributes), maxAttributes)
	}
	for name, value := range e.MessageAttributes {
		if len(name) > 256 || !attributeName.MatchString(name) || reservedAttribute.MatchString(name) {
			return errInvalid("Message (user) attribute name '%s' is not allowed.", name)
		}
		if err := checkAttributeValue(name, value); err != nil {
			return err
		}
	}
	for name, value := range e.MessageSystemAttributes {
		if name != "AWSTraceHeader" || value.DataType != "String" {
			return errInvalid("Message system attribute '%s' is not AWSTraceHeader of type String.", name)
		}
	}
	return nil
}

func checkAttributeValue(name string, value attributeValue) error {
	kind := value.kind()
	switch {
	case len(value.DataType) > 256 || kind != "String" && kind != "Number" && kind != "Binary":
		return errInvalid("The type of message (user) attribute '%s' is invalid. You must use only the following supported type prefixes: "+
			"Binary, Number, String.", name)
	case len(value.bytes()) == 0:
		return errInvalid("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, kind)
	case kind == "Binary" && value.StringValue != nil, kind != "Binary" && value.StringValue == nil:
		return errInvalid("The value of message (user) attribute '%s' does not fit its type '%s'.", name, value.DataType)
	case kind == "Number" && !isNumber(*value.StringValue):
		return errInvalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
	case kind == "String" && !validText(*value.StringValue):
		return errContents()
	}
	return nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func errContents() error {
	const kind = "InvalidMessageContents"
	return refuse(kind, kind, "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "+
		"#x10000 to #x10FFFF")
}

// validText tells whether s holds only characters that XML 1.0 allows, as SQS asks.
func validText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	}) < 0
}

// size is what the limits count: the body and all parts of the attributes, but not the system's.
func (e *sendEntry) size() int {
	n := len(e.MessageBody)
	for name, value := range e.MessageAttributes {
		n += len(name) + len(value.DataType) + len(value.bytes())
	}
	return n
}
