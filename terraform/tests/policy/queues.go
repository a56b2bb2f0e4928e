package policy

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

const longestRetention = 14 * 86400 // seconds; SQS knows no longer one

var queueRules = []Rule{
	{Name: "the name of a FIFO queue ends in .fifo", Check: fifoNames},
	{Name: "every queue has a dead letter queue of its kind, or is one", Check: deadLetterQueues},
	{Name: "dead letters are kept as long as SQS keeps anything", Check: retention},
	{Name: "every queue has a consumer", Check: consumers},
	{Name: "a message stays hidden while its consumer works, an interrupted answer hardly longer", Check: visibility},
	{Name: "consumers report what failed, and are capped", Check: mappings},
	{Name: "every channel has an outbound queue of its own, read one answer at a time", Check: outbound},
	{Name: "the sender knows by how many a platform's rate limit is divided", Check: senders, OnMocks: true},
}

// AWS refuses it, but only at apply time.
func fifoNames(s Stack) (broken []string) {
	for _, queue := range s.of("aws_sqs_queue") {
		if name := queue.text("name"); queue.flag("fifo_queue") != strings.HasSuffix(name, ".fifo") {
			broken = append(broken, queue.breaks("is called %q, but fifo_queue is %t", name, queue.flag("fifo_queue")))
		}
	}
	return broken
}

// allowance is who may use a queue as a dead letter queue.
type allowance struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns"`
}

func allows(queue Resource) (a allowance, dead bool) {
	dead = json.Unmarshal([]byte(queue.text("redrive_allow_policy")), &a) == nil
	return a, dead
}

// split tells dead letter queues from those that messages are sent to.
func split(s Stack) (working, dead []Resource) {
	for _, queue := range s.of("aws_sqs_queue") {
		if _, is := allows(queue); is {
			dead = append(dead, queue)
		} else {
			working = append(working, queue)
		}
	}
	return working, dead
}

func deadLetterQueues(s Stack) (broken []string) {
	working, dead := split(s)
	for _, queue := range working {
		i := slices.IndexFunc(dead, func(d Resource) bool { return takesFrom(d, queue.text("name")) })
		if i < 0 {
			broken = append(broken, queue.breaks("is in no dead letter queue's redrive allow policy"))
			continue
		}
		broken = append(broken, pair(queue, dead[i])...)
	}
	for _, queue := range dead {
		if a, _ := allows(queue); a.Permission != "byQueue" || len(a.Sources) == 0 {
			broken = append(broken, queue.breaks("lets any queue use it: redrivePermission is %q for %v", a.Permission, a.Sources))
		}
	}
	return broken
}

func takesFrom(dead Resource, name string) bool {
	a, _ := allows(dead)
	return slices.ContainsFunc(a.Sources, func(arn string) bool { return lastPart(arn) == name })
}

func pair(queue, dead Resource) (broken []string) {
	if queue.flag("fifo_queue") != dead.flag("fifo_queue") {
		broken = append(broken, queue.breaks("and its dead letter queue %s have to be FIFO queues both or neither", dead.text("name")))
	}
	if !queue.known("redrive_policy") {
		return broken
	}
	var redrive struct {
		Target   string `json:"deadLetterTargetArn"`
		Receives int    `json:"maxReceiveCount"`
	}
	err := json.Unmarshal([]byte(queue.text("redrive_policy")), &redrive)
	if err != nil || lastPart(redrive.Target) != dead.text("name") || redrive.Receives < 1 {
		broken = append(broken, queue.breaks("has the redrive policy %q, which does not lead to %s", queue.text("redrive_policy"), dead.text("name")))
	}
	return broken
}

func retention(s Stack) (broken []string) {
	working, dead := split(s)
	for _, queue := range dead {
		if kept := queue.number("message_retention_seconds"); kept != longestRetention {
			broken = append(broken, queue.breaks("keeps dead letters for %v s, not %d", kept, longestRetention))
		}
	}
	for _, queue := range working {
		if kept := queue.number("message_retention_seconds"); kept < 4*86400 {
			broken = append(broken, queue.breaks("keeps messages for %v s: an outage over a long weekend would lose some", kept))
		}
	}
	return broken
}

func consumers(s Stack) (broken []string) {
	consumed := map[string]int{}
	for _, mapping := range s.of("aws_lambda_event_source_mapping") {
		consumed[s.queueOf(mapping).text("name")]++
	}
	for _, queue := range s.of("aws_sqs_queue") {
		if name := queue.text("name"); consumed[name] != 1 {
			broken = append(broken, queue.breaks("has %d consumers, not one", consumed[name]))
		}
	}
	return broken
}

// queueOf finds the queue of an event source mapping. Before the first apply its ARN is not known; then its key says it, "<queue>" or
// "<queue>-dead".
func (s Stack) queueOf(mapping Resource) Resource {
	name := lastPart(mapping.text("event_source_arn"))
	if !mapping.known("event_source_arn") {
		name = s.Project.Prefix + "-" + mapping.Key
	}
	for _, queue := range s.of("aws_sqs_queue") {
		if called := queue.text("name"); called == name || called == name+".fifo" {
			return queue
		}
	}
	return Resource{}
}

// functionOf finds the function of an event source mapping: before the first apply, that of its module.
func (s Stack) functionOf(mapping Resource) Resource {
	for _, function := range s.of("aws_lambda_function") {
		if mapping.known("function_name") {
			if lastPart(mapping.text("function_name")) == function.text("function_name") {
				return function
			}
		} else if mapping.Module == function.Module {
			return function
		}
	}
	return Resource{}
}

// AWS advises six times the timeout. An answer that comes back was interrupted, and holds up its conversation until it does.
func visibility(s Stack) (broken []string) {
	for _, mapping := range s.of("aws_lambda_event_source_mapping") {
		queue, function := s.queueOf(mapping), s.functionOf(mapping)
		hidden, takes := queue.number("visibility_timeout_seconds"), function.number("timeout")
		least, most := 6*takes, 43200.0 // SQS knows no longer one
		if s.nameOf(function) == "sender" {
			least, most = takes+30, 2*takes
		}
		if takes == 0 || hidden < least || hidden > most {
			broken = append(broken, mapping.breaks("hides messages of %q for %v s; with the %v s of %q it has to be %v to %v",
				queue.text("name"), hidden, takes, function.text("function_name"), least, most))
		}
	}
	return broken
}

func mappings(s Stack) (broken []string) {
	sum := map[string]float64{}
	for _, mapping := range s.of("aws_lambda_event_source_mapping") {
		if !mapping.has("function_response_types", "ReportBatchItemFailures") {
			broken = append(broken, mapping.breaks("lets one failed message bring the whole batch back: it wants ReportBatchItemFailures"))
		}
		if size := mapping.number("batch_size"); size > 10 {
			broken = append(broken, mapping.breaks("wants batches of %v; SQS gives FIFO consumers 10 at most", size))
		}
		capped := mapping.number("scaling_config.0.maximum_concurrency")
		if capped < 2 || capped > 1000 {
			broken = append(broken, mapping.breaks("has a maximum_concurrency of %v; SQS takes 2 to 1000", capped))
		}
		sum[s.functionOf(mapping).Address] += capped
	}
	for _, function := range s.of("aws_lambda_function") {
		reserved, wanted := function.number("reserved_concurrent_executions"), sum[function.Address]
		if reserved > 0 && wanted > reserved {
			broken = append(broken, function.breaks("has %v instances reserved, but its queues may invoke it %v times at once", reserved, wanted))
		}
	}
	return broken
}

func outbound(s Stack) (broken []string) {
	prefix := s.Project.Prefix + "-outbound-"
	read := map[string]bool{}
	for _, mapping := range s.of("aws_lambda_event_source_mapping") {
		queue := s.queueOf(mapping).text("name")
		if !strings.HasPrefix(queue, prefix) || strings.HasSuffix(queue, "-dead.fifo") {
			continue
		}
		read[queue] = true
		if reader := s.nameOf(s.functionOf(mapping)); reader != "sender" || mapping.number("batch_size") != 1 {
			broken = append(broken, mapping.breaks("gives %s %v answers of %s at a time", reader, mapping.number("batch_size"), queue))
		}
	}
	for channel := range s.Project.Channels {
		queue := prefix + channel + ".fifo"
		if !read[queue] {
			broken = append(broken, channel+" has no queue "+queue+" that the sender reads")
		}
		delete(read, queue)
	}
	for queue := range read {
		broken = append(broken, queue+" belongs to no channel")
	}
	return broken
}

// A platform's limit holds for all instances together, and each knows only what it sends itself.
func senders(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		variables, known := environment(function)
		if s.nameOf(function) != "sender" || !known {
			continue
		}
		for _, mapping := range s.inModule(function.Module, "aws_lambda_event_source_mapping") {
			if most := strconv.Itoa(int(mapping.number("scaling_config.0.maximum_concurrency"))); variables["SENDERS"] != most {
				broken = append(broken, mapping.breaks("lets %s send at once, but the sender is told %v", most, variables["SENDERS"]))
			}
		}
	}
	return broken
}
