package localsqs

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// account is whose queues these are.
const account = "000000000000"

// settings is what a queue's attributes say, ready for use. Times are milliseconds.
type settings struct {
	fifo, contentDedup, dedupByGroup         bool
	visibility, delay, retention, receiveFor int64
	maxSize                                  int
	deadLetterName                           string // empty: messages are delivered for ever
	maxReceives                              int
}

// rule is what one attribute may hold.
type rule struct {
	standard string // the value of a queue that says nothing. Empty: the attribute is absent
	fifoOnly bool
	valid    func(string) bool
}

// Source: APIReference/API_CreateQueue.html and API_SetQueueAttributes.html.
var rules = map[string]rule{
	"DelaySeconds":                  {"0", false, between(0, maxDelay)},
	"MaximumMessageSize":            {"1048576", false, between(1024, maxPayload)},
	"MessageRetentionPeriod":        {"345600", false, between(60, 1209600)},
	"ReceiveMessageWaitTimeSeconds": {"0", false, between(0, maxWait)},
	"VisibilityTimeout":             {"30", false, between(0, maxVisibility)},
	"RedrivePolicy":                 {"", false, isJSON},
	"RedriveAllowPolicy":            {"", false, isJSON},
	"FifoQueue":                     {"", true, oneOf("true")},
	"ContentBasedDeduplication":     {"false", true, oneOf("true", "false")},
	"DeduplicationScope":            {"queue", true, oneOf("queue", "messageGroup")},
	"FifoThroughputLimit":           {"perQueue", true, oneOf("perQueue", "perMessageGroupId")},
	"Policy":                        {"", false, isJSON},
	"KmsMasterKeyId":                {"", false, anything},
	"KmsDataKeyReusePeriodSeconds":  {"", false, between(60, 86400)},
	"SqsManagedSseEnabled":          {"true", false, oneOf("true", "false")},
}

const (
	maxDelay      = 900     // seconds
	maxWait       = 20      // seconds
	maxVisibility = 43200   // seconds
	maxPayload    = 1 << 20 // bytes of a message, and of a batch
	maxReceives   = 1000    // what a redrive policy may allow
	maxSources    = 10      // queues that a redrive allow policy may name
)

func between(low, high int) func(string) bool {
	return func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n >= low && n <= high
	}
}

func oneOf(values ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(values, strings.ToLower(s)) || slices.Contains(values, s) }
}

func isJSON(s string) bool { return s == "" || json.Valid([]byte(s)) }

func anything(string) bool { return true }

// checkAttributes refuses what the attributes of one queue may not be. What they say of other queues is for checkRedrive.
func checkAttributes(attributes map[string]string, fifo bool) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		switch r, known := rules[name]; {
		case !known, r.fifoOnly && !fifo:
			return errAttributeName("Unknown Attribute %s.", name)
		case !r.valid(attributes[name]):
			return errAttributeValue(name, "It is outside of what the attribute may hold.")
		}
	}
	if attributes["FifoThroughputLimit"] == "perMessageGroupId" && attributes["DeduplicationScope"] != "messageGroup" {
		return errAttributeValue("FifoThroughputLimit", "perMessageGroupId needs the DeduplicationScope messageGroup.")
	}
	return checkAllow(attributes["RedriveAllowPolicy"])
}

// withDefaults completes what a client gave. An empty policy is the same as none.
func withDefaults(given map[string]string, fifo bool) map[string]string {
	all := map[string]string{}
	for name, r := range rules {
		value, ok := given[name]
		if !ok && (!r.fifoOnly || fifo) {
			value = r.standard
		}
		if value != "" {
			all[name] = canonical(value)
		}
	}
	return all
}

// canonical is the spelling SQS gives back: policies without white space, truth in small letters.
func canonical(value string) string {
	var compact bytes.Buffer
	if strings.HasPrefix(strings.TrimSpace(value), "{") && json.Compact(&compact, []byte(value)) == nil {
		return compact.String()
	}
	if lower := strings.ToLower(value); lower == "true" || lower == "false" {
		return lower
	}
	return value
}

// parseSettings reads attributes that passed their checks.
func parseSettings(a map[string]string) settings {
	s := settings{
		fifo:         a["FifoQueue"] == "true",
		contentDedup: a["ContentBasedDeduplication"] == "true",
		dedupByGroup: a["DeduplicationScope"] == "messageGroup",
		visibility:   milliseconds(a["VisibilityTimeout"]),
		delay:        milliseconds(a["DelaySeconds"]),
		retention:    milliseconds(a["MessageRetentionPeriod"]),
		receiveFor:   milliseconds(a["ReceiveMessageWaitTimeSeconds"]),
		maxSize:      number(a["MaximumMessageSize"]),
	}
	if p := parseRedrive(a["RedrivePolicy"]); p.Target != "" {
		s.deadLetterName, s.maxReceives = nameInARN(p.Target), number(p.MaxReceives.String())
	}
	return s
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func milliseconds(seconds string) int64 { return int64(number(seconds)) * 1000 }

type redrivePolicy struct {
	Target      string      `json:"deadLetterTargetArn"`
	MaxReceives json.Number `json:"maxReceiveCount"` // clients send it as a number or as a string
}

func parseRedrive(policy string) redrivePolicy {
	var p redrivePolicy
	_ = json.Unmarshal([]byte(policy), &p) // what cannot be read has no target, and is refused for that
	return p
}

// checkRedrive refuses a dead-letter queue that does not exist, is of the other type or does not want this queue's messages.
func (s *Server) checkRedrive(name string, attributes map[string]string, fifo bool) error {
	policy := attributes["RedrivePolicy"]
	if policy == "" {
		return nil
	}
	refusal := func(reason string) error { return errInvalidValue("RedrivePolicy", policy, reason) }
	p := parseRedrive(policy)
	if !between(1, maxReceives)(p.MaxReceives.String()) {
		return refusal("Invalid value for maxReceiveCount, valid values are from 1 to 1000 both inclusive.")
	}
	target := s.queueOfARN(p.Target)
	switch {
	case target == nil:
		return refusal("Dead letter target does not exist.")
	case target.settings.fifo != fifo:
		return refusal("Dead-letter queue must be same type of queue as the source.")
	case !allowsSource(target.attributes["RedriveAllowPolicy"], s.arn(name)):
		return refusal("The dead-letter queue's RedriveAllowPolicy does not permit this source.")
	}
	return nil
}

type allowPolicy struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns"`
}

func allowsSource(policy, sourceARN string) bool {
	var p allowPolicy
	_ = json.Unmarshal([]byte(policy), &p) // absent: everybody may
	switch p.Permission {
	case "denyAll":
		return false
	case "byQueue":
		return slices.Contains(p.Sources, sourceARN)
	default:
		return true
	}
}

func checkAllow(policy string) error {
	if policy == "" {
		return nil
	}
	var p allowPolicy
	err := json.Unmarshal([]byte(policy), &p)
	byQueue := p.Permission == "byQueue"
	switch {
	case err != nil, !oneOf("allowAll", "denyAll", "byQueue")(p.Permission):
		return errInvalidValue("RedriveAllowPolicy", policy, "redrivePermission must be allowAll, denyAll or byQueue.")
	case byQueue != (len(p.Sources) > 0), len(p.Sources) > maxSources:
		return errInvalidValue("RedriveAllowPolicy", policy, "sourceQueueArns belongs to byQueue, with 1 to 10 ARNs.")
	}
	return nil
}

var (
	queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	fifoName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,75}\.fifo$`)
)

func checkName(name string, fifo bool) error {
	switch {
	case name == "":
		return errMissing("QueueName")
	case fifo && !fifoName.MatchString(name):
		return errInvalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, " +
			"must end with .fifo suffix and be 1 to 80 in length.")
	case !fifo && !queueName.MatchString(name):
		return errInvalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.")
	}
	return nil
}

func (s *Server) arn(queueName string) string {
	return "arn:aws:sqs:" + s.region + ":" + account + ":" + queueName
}

func (s *Server) queueOfARN(arn string) *queue {
	name := nameInARN(arn)
	if arn != s.arn(name) {
		return nil
	}
	return s.queues[name]
}

func nameInARN(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
