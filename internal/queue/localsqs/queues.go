package localsqs

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	purgePause  = 60_000 // milliseconds from one purge to the next
	deletePause = 60_000 // milliseconds from the end of a queue to the next of its name
	maxListed   = 1000   // queues in one list
)

func (s *Server) createQueue(t transaction, in *createQueueInput) (any, error) {
	fifo := canonical(in.Attributes["FifoQueue"]) == "true"
	if err := checkName(in.QueueName, fifo); err != nil {
		return nil, err
	}
	if err := checkAttributes(in.Attributes, fifo); err != nil {
		return nil, err
	}
	answer := queueURLOutput{t.queueURL(in.QueueName)}
	if existing := s.queues[in.QueueName]; existing != nil {
		return answer, existing.checkSame(in.Attributes)
	}
	if gone, ok := s.dropped[in.QueueName]; ok && t.now < gone+deletePause {
		return nil, refuseSQS("QueueDeletedRecently",
			"You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	if err := s.checkRedrive(in.QueueName, in.Attributes, fifo); err != nil {
		return nil, err
	}
	s.record(change{Op: opQueue, Queue: in.QueueName, Time: t.now, Attributes: withDefaults(in.Attributes, fifo)})
	return answer, nil
}

// checkSame refuses to create a queue again with other attributes. What is not mentioned may be anything.
func (q *queue) checkSame(given map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if canonical(given[name]) != q.attributes[name] {
			return refuse("QueueNameExists", "QueueAlreadyExists",
				"A queue already exists with the same name and a different value for attribute %s", name)
		}
	}
	return nil
}

func (s *Server) getQueueURL(t transaction, in *queueInput) (any, error) {
	if s.queues[in.QueueName] == nil {
		return nil, errNoQueue()
	}
	return queueURLOutput{t.queueURL(in.QueueName)}, nil
}

func (c call) queueURL(name string) string { return c.endpoint + "/" + account + "/" + name }

// queue finds a queue by its URL, whatever host the URL names, and brings it up to date.
func (s *Server) queue(queueURL string, now int64) (*queue, error) {
	if queueURL == "" {
		return nil, errMissing("QueueUrl")
	}
	u, err := url.Parse(queueURL)
	if err != nil || strings.Count(u.Path, "/") != 2 {
		const code = "InvalidAddress"
		return nil, &Error{http.StatusNotFound, code, code, "The address " + queueURL + " is not valid for this endpoint."}
	}
	name, ours := strings.CutPrefix(u.Path, "/"+account+"/")
	q := s.queues[name]
	if !ours || q == nil {
		return nil, errNoQueue()
	}
	q.tick(now)
	return q, nil
}

func (s *Server) getQueueAttributes(t transaction, in *queueInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	all := s.allAttributes(q)
	if slices.Contains(in.AttributeNames, "All") {
		return attributesOutput{all}, nil
	}
	chosen := map[string]string{}
	for _, name := range in.AttributeNames {
		value, ok := all[name]
		if _, known := rules[name]; !ok && !known {
			return nil, errAttributeName("Unknown Attribute %s.", name)
		}
		if ok {
			chosen[name] = value
		}
	}
	return attributesOutput{chosen}, nil
}

func (s *Server) allAttributes(q *queue) map[string]string {
	all := maps.Clone(q.attributes)
	all["QueueArn"] = s.arn(q.name)
	all["CreatedTimestamp"] = strconv.FormatInt(q.created/1000, 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified/1000, 10)
	hidden := q.hidden.Len()
	all["ApproximateNumberOfMessages"] = strconv.Itoa(len(q.messages) - hidden)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.inFlight)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(hidden - q.inFlight)
	return all
}

func (s *Server) setQueueAttributes(t transaction, in *queueInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	if len(in.Attributes) == 0 {
		return nil, errMissing("Attribute.Name")
	}
	wanted := maps.Clone(q.attributes)
	maps.Copy(wanted, in.Attributes)
	if err := checkAttributes(wanted, q.settings.fifo); err != nil {
		return nil, err
	}
	if _, mentioned := in.Attributes["RedrivePolicy"]; mentioned {
		if err := s.checkRedrive(q.name, wanted, q.settings.fifo); err != nil {
			return nil, err
		}
	}
	s.record(change{Op: opQueue, Queue: q.name, Time: t.now, Attributes: withDefaults(wanted, q.settings.fifo)})
	return nil, nil
}

func (s *Server) listQueues(t transaction, in *listInput) (any, error) {
	page, next, err := s.page(t, in, func(q *queue) bool { return strings.HasPrefix(q.name, in.QueueNamePrefix) })
	return listQueuesOutput{page, next}, err
}

func (s *Server) listDeadLetterSourceQueues(t transaction, in *listInput) (any, error) {
	target, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	page, next, err := s.page(t, in, func(q *queue) bool { return q.settings.deadLetterName == target.name })
	return listSourcesOutput{page, next}, err
}

// page lists the URLs of wanted queues in the order of names. The token is the name the next page comes after.
func (s *Server) page(t transaction, in *listInput, wanted func(*queue) bool) (urls []string, next string, err error) {
	limit := maxListed
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	if limit < 1 || limit > maxListed {
		return nil, "", errInvalidValue("MaxResults", limit, "Must be between 1 and 1000, if provided.")
	}
	after, err := base64.StdEncoding.DecodeString(in.NextToken)
	if err != nil {
		return nil, "", errInvalidValue("NextToken", in.NextToken, "It is not a token of this server.")
	}
	urls = []string{}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if name <= string(after) || !wanted(s.queues[name]) {
			continue
		}
		if len(urls) == limit {
			if in.MaxResults != nil {
				last := urls[limit-1]
				next = base64.StdEncoding.EncodeToString([]byte(last[strings.LastIndexByte(last, '/')+1:]))
			}
			break
		}
		urls = append(urls, t.queueURL(name))
	}
	return urls, next, nil
}

func (s *Server) deleteQueue(t transaction, in *queueInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	s.record(change{Op: opDrop, Queue: q.name, Time: t.now})
	return nil, nil
}

func (s *Server) purgeQueue(t transaction, in *queueInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	if q.purged != 0 && t.now < q.purged+purgePause {
		e := refuseSQS("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
		e.Status = http.StatusForbidden
		return nil, e
	}
	s.record(change{Op: opPurge, Queue: q.name, Time: t.now})
	return nil, nil
}
