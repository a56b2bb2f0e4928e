package queuetest

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var messageChecks = []check{
	{rule: "what is sent is received", run: sendAndReceive},
	{rule: "message attributes travel with their digest", run: messageAttributes},
	{rule: "a receive gets the attributes it asks for", run: chosenAttributes},
	{rule: "invalid message attributes are refused", run: badAttributes},
	{rule: "the system attributes tell the message's history", run: systemAttributes},
	{rule: "a body has at least one character", run: emptyBody},
	{rule: "a message has at most the maximum size, attributes included", run: messageSize},
	{rule: "a body has only characters that XML allows", run: bodyCharacters},
	{rule: "a receive gets one to ten messages and waits up to 20 seconds", run: receiveLimits},
	{rule: "a message's delay overrides the queue's, up to 900 seconds", run: messageDelay},
	{rule: "a queue's delay hides each new message", run: queueDelay},
	{rule: "a long poll ends when a message arrives", run: longPollArrival},
	{rule: "a long poll of an empty queue lasts as long as asked", run: longPollEmpty},
	{rule: "the queue's wait time makes every receive a long poll", run: longPollDefault},
}

// APIReference/API_SendMessage.html and API_ReceiveMessage.html. The SDK compares the digests of bodies by itself.
func sendAndReceive(e *env) {
	q := e.standardQueue(nil)
	body := "<a href=\"x\">\u00e9 \U0001F600 & \t\r\n</a>"
	sent := q.send(body)
	e.equal("the digest", *sent.MD5OfMessageBody, hexMD5(body))
	m := q.getOne(body)
	e.equal("the id", *m.MessageId, *sent.MessageId)
	e.equal("the digest", *m.MD5OfBody, hexMD5(body))
	q.delete(m)
	q.empty()
}

func hexMD5(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// values are message attributes.
type values = map[string]types.MessageAttributeValue

func withAttributes(a values) with {
	return func(in *sqs.SendMessageInput) { in.MessageAttributes = a }
}

func textAttribute(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: str("String"), StringValue: &value}
}

// SQSDeveloperGuide/sqs-message-metadata.html, "Calculating the MD5 message digest for message attributes". The digest below was computed
// from that description by another program.
func messageAttributes(e *env) {
	q := e.standardQueue(nil)
	sent := q.send("x", withAttributes(values{
		"b.num": {DataType: str("Number.int"), StringValue: str("42")},
		"a_bin": {DataType: str("Binary"), BinaryValue: []byte{0, 255, 7}},
		"c-str": textAttribute("gr\u00fcn"),
	}))
	const digest = "2cf238c2fec8e65c1b5f4425e8cad385"
	e.equal("the digest of a send", *sent.MD5OfMessageAttributes, digest)
	m := q.getOne("x")
	e.equal("the digest of a receive", *m.MD5OfMessageAttributes, digest)
	e.equal("the number", *m.MessageAttributes["b.num"].StringValue, "42")
	e.equal("the number's type", *m.MessageAttributes["b.num"].DataType, "Number.int")
	e.equal("the binary", string(m.MessageAttributes["a_bin"].BinaryValue), "\x00\xff\x07")
	e.equal("the string", *m.MessageAttributes["c-str"].StringValue, "gr\u00fcn")
}

// APIReference/API_ReceiveMessage.html, MessageAttributeNames and MessageSystemAttributeNames: all, by name, by prefix, or none.
func chosenAttributes(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "0"})
	q.send("x", withAttributes(values{"bar.a": textAttribute("1"), "bar.b": textAttribute("2"), "foo": textAttribute("3")}))
	for _, c := range []struct {
		names []string
		want  int
	}{{nil, 0}, {[]string{"All"}, 3}, {[]string{".*"}, 3}, {[]string{"bar.*"}, 2}, {[]string{"foo", "nothing"}, 1}} {
		m := q.poll(&sqs.ReceiveMessageInput{MessageAttributeNames: c.names})
		if len(m.MessageAttributes) != c.want {
			e.Fatalf("asking for %q brought %v", c.names, m.MessageAttributes)
		}
	}
	m := q.poll(&sqs.ReceiveMessageInput{MessageSystemAttributeNames: []types.MessageSystemAttributeName{"SentTimestamp"}})
	if len(m.Attributes) != 1 || m.Attributes["SentTimestamp"] == "" {
		e.Fatalf("asking for SentTimestamp brought %v", m.Attributes)
	}
}

// poll receives one message with in, as often as a distributed queue makes it.
func (q *queue) poll(in *sqs.ReceiveMessageInput) types.Message {
	q.Helper()
	in.QueueUrl = &q.url
	for range 20 {
		out, err := q.Client.ReceiveMessage(q.ctx, in)
		q.must(err)
		if len(out.Messages) > 0 {
			return out.Messages[0]
		}
	}
	q.Fatal("received nothing")
	panic("unreachable")
}

// SQSDeveloperGuide/sqs-message-metadata.html, message attribute components: names, types, values, at most ten.
func badAttributes(e *env) {
	q := e.standardQueue(nil)
	eleven := values{}
	for i := range 11 {
		eleven[fmt.Sprint("a", i)] = textAttribute("x")
	}
	bad := []values{
		eleven, {"x": textAttribute("")},
		{"x": {DataType: str("Text"), StringValue: str("x")}}, {"x": {DataType: str("Number"), StringValue: str("many")}},
	}
	for _, name := range []string{"AWS.x", "amazon.x", ".x", "x.", "x..y", "x y", strings.Repeat("x", 257)} {
		bad = append(bad, values{name: textAttribute("x")})
	}
	for _, a := range bad {
		_, err := q.try("x", withAttributes(a))
		e.refused(err, "InvalidParameterValue")
	}
}

// APIReference/API_ReceiveMessage.html, MessageSystemAttributeNames.
func systemAttributes(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "5"})
	trace := "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
	q.send("x", func(in *sqs.SendMessageInput) {
		in.MessageSystemAttributes = map[string]types.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: str("String"), StringValue: &trace},
		}
	})
	first := q.getOne("x").Attributes
	e.equal("ApproximateReceiveCount", first["ApproximateReceiveCount"], "1")
	e.equal("AWSTraceHeader", first["AWSTraceHeader"], trace)
	if first["SenderId"] == "" {
		e.Fatal("there is no SenderId")
	}
	e.Pass(6 * time.Second)
	second := q.getOne("x").Attributes
	e.equal("ApproximateReceiveCount", second["ApproximateReceiveCount"], "2")
	e.equal("SentTimestamp", second["SentTimestamp"], first["SentTimestamp"])
	e.equal("ApproximateFirstReceiveTimestamp", second["ApproximateFirstReceiveTimestamp"], first["ApproximateFirstReceiveTimestamp"])
	if e.millis(first["SentTimestamp"]).After(e.millis(first["ApproximateFirstReceiveTimestamp"])) {
		e.Fatalf("received before it was sent: %v", first)
	}
}

func (e *env) millis(s string) time.Time {
	e.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	e.must(err)
	return time.UnixMilli(n)
}

// APIReference/API_SendMessage.html, MessageBody: "The minimum size is one character".
func emptyBody(e *env) {
	_, err := e.standardQueue(nil).try("")
	e.refused(err, "MissingParameter")
}

// APIReference/API_CreateQueue.html, MaximumMessageSize; SQSDeveloperGuide/sqs-message-metadata.html: all components of attributes count.
func messageSize(e *env) {
	q := e.standardQueue(attributes{"MaximumMessageSize": "1024"})
	full := strings.Repeat("x", 1024)
	q.send(full)
	_, err := q.try(full + "x")
	e.refused(err, "InvalidParameterValue")
	nine := withAttributes(values{"n": textAttribute("vv")}) // n + String + vv
	q.send(full[:1015], nine)
	_, err = q.try(full[:1016], nine)
	e.refused(err, "InvalidParameterValue")
	_, err = e.standardQueue(nil).try(strings.Repeat("x", 1<<20+1))
	e.refused(err, "InvalidParameterValue")
}

// APIReference/API_SendMessage.html, MessageBody: the allowed Unicode characters.
func bodyCharacters(e *env) {
	q := e.standardQueue(nil)
	for _, bad := range []string{"\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"} {
		_, err := q.try("x" + bad)
		e.refused(err, "InvalidMessageContents")
	}
	q.send("\t\n\r \u007f\ud7ff\ue000\ufffd\U00010000\U0010ffff")
}

// APIReference/API_ReceiveMessage.html, MaxNumberOfMessages and WaitTimeSeconds.
func receiveLimits(e *env) {
	q := e.standardQueue(nil)
	for _, in := range []*sqs.ReceiveMessageInput{
		{MaxNumberOfMessages: 11}, {MaxNumberOfMessages: -1}, {WaitTimeSeconds: 21}, {WaitTimeSeconds: -1}, {VisibilityTimeout: 43201},
	} {
		in.QueueUrl = &q.url
		_, err := e.Client.ReceiveMessage(e.ctx, in)
		e.refused(err, "InvalidParameterValue")
	}
}

// SQSDeveloperGuide/sqs-message-timers.html.
func messageDelay(e *env) {
	q := e.standardQueue(attributes{"DelaySeconds": "900"})
	q.send("soon", func(in *sqs.SendMessageInput) { in.DelaySeconds = 5 })
	q.empty()
	e.Pass(6 * time.Second)
	q.get("soon")
	_, err := q.try("x", func(in *sqs.SendMessageInput) { in.DelaySeconds = 901 })
	e.refused(err, "InvalidParameterValue")
}

// SQSDeveloperGuide/sqs-delay-queues.html; on a FIFO queue the order holds.
func queueDelay(e *env) {
	for _, q := range []*queue{e.standardQueue(attributes{"DelaySeconds": "5"}), e.fifoQueue(attributes{"DelaySeconds": "5"})} {
		q.send("a", q.grouped)
		q.send("b", q.grouped)
		q.empty()
		e.Pass(6 * time.Second)
		q.get("a", "b")
	}
}

type polled struct {
	out *sqs.ReceiveMessageOutput
	err error
}

func (q *queue) longPoll(seconds int32) <-chan polled {
	done := make(chan polled, 1)
	go func() {
		out, err := q.Client.ReceiveMessage(q.ctx, &sqs.ReceiveMessageInput{QueueUrl: &q.url, WaitTimeSeconds: seconds})
		done <- polled{out, err}
	}()
	return done
}

// SQSDeveloperGuide/sqs-short-and-long-polling.html. A clock that is moved by hand stands still here, so only the arrival can end the poll.
func longPollArrival(e *env) {
	q := e.standardQueue(nil)
	done := q.longPoll(20)
	q.send("x")
	select {
	case p := <-done:
		e.must(p.err)
		e.equal("the number of messages", len(p.out.Messages), 1)
	case <-time.After(15 * time.Second):
		e.Fatal("the poll still waits")
	}
}

// SQSDeveloperGuide/sqs-short-and-long-polling.html.
func longPollEmpty(e *env) {
	e.lasts(e.standardQueue(nil), 3, 3*time.Second)
}

// APIReference/API_CreateQueue.html, ReceiveMessageWaitTimeSeconds.
func longPollDefault(e *env) {
	e.lasts(e.standardQueue(attributes{"ReceiveMessageWaitTimeSeconds": "3"}), 0, 3*time.Second)
}

// lasts fails unless a poll of an empty queue ends by itself after about the time. It lets time pass in steps until the poll is over.
func (e *env) lasts(q *queue, wait int32, want time.Duration) {
	e.Helper()
	const step = 100 * time.Millisecond
	done := q.longPoll(wait)
	for passed := time.Duration(0); ; passed += step {
		select {
		case p := <-done:
			e.must(p.err)
			if len(p.out.Messages) > 0 || passed < want-5*step {
				e.Fatalf("the poll ended after %v with %d messages, want none after %v", passed, len(p.out.Messages), want)
			}
			return
		default:
			e.Pass(step)
		}
	}
}
