package localsqs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// maxRequest is far above what a legal call needs: 1 MiB of payload in JSON's longest escapes, and ten sets of attributes.
const maxRequest = 16 << 20

// call is one request as an action sees it.
type call struct {
	ctx       context.Context
	endpoint  string // what the client calls us; queue URLs begin with it
	redeliver bool   // see ErrRedeliver
}

// action carries out one call. A nil answer is an empty body.
type action func(s *Server, c call, body []byte) (any, error)

var actions = map[string]action{
	"CreateQueue":                  locked((*Server).createQueue),
	"GetQueueUrl":                  locked((*Server).getQueueURL),
	"GetQueueAttributes":           locked((*Server).getQueueAttributes),
	"SetQueueAttributes":           locked((*Server).setQueueAttributes),
	"ListQueues":                   locked((*Server).listQueues),
	"ListDeadLetterSourceQueues":   locked((*Server).listDeadLetterSourceQueues),
	"DeleteQueue":                  locked((*Server).deleteQueue),
	"PurgeQueue":                   locked((*Server).purgeQueue),
	"SendMessage":                  locked((*Server).sendMessage),
	"SendMessageBatch":             locked((*Server).sendMessageBatch),
	"ReceiveMessage":               decoded((*Server).receiveMessage),
	"DeleteMessage":                locked((*Server).deleteMessage),
	"DeleteMessageBatch":           locked((*Server).deleteMessageBatch),
	"ChangeMessageVisibility":      locked((*Server).changeMessageVisibility),
	"ChangeMessageVisibilityBatch": locked((*Server).changeMessageVisibilityBatch),
	"StartMessageMoveTask":         locked((*Server).startMessageMoveTask),
	"ListMessageMoveTasks":         locked((*Server).listMessageMoveTasks),
	"CancelMessageMoveTask":        locked((*Server).cancelMessageMoveTask),
}

func decoded[In any](f func(*Server, call, *In) (any, error)) action {
	return func(s *Server, c call, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, refuse("SerializationException", "SerializationException", "reading the request: %v", err)
		}
		return f(s, c, &in)
	}
}

// transaction is what an action needs that runs as one step: everybody sees all of its changes or none, and so does the journal.
type transaction struct {
	call
	now int64
}

func locked[In any](f func(*Server, transaction, *In) (any, error)) action {
	return decoded(func(s *Server, c call, in *In) (out any, err error) {
		err = s.transact(func(now int64) error {
			out, err = f(s, transaction{c, now}, in)
			return err
		})
		return out, err
	})
}

// transact runs one step under the lock and returns when its changes are in the journal. Times are Unix milliseconds.
func (s *Server) transact(step func(now int64) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.catchUp(); err != nil {
		return err
	}
	err := step(s.clock.Now().UnixMilli())
	return errors.Join(err, s.flush())
}

// ServeHTTP answers one call of the AWS JSON 1.0 protocol.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	out, err := s.serve(w, r)
	if err != nil {
		answerError(w, asError(err))
		return
	}
	if out != nil {
		w.Write(encode(out))
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) (any, error) {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	run := actions[name]
	if !ok || run == nil || r.Method != http.MethodPost {
		return nil, refuse("UnknownOperationException", "InvalidAction", "The action %q is not known here.", name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, refuse("SerializationException", "SerializationException", "reading the request: %v", err)
	}
	c := call{ctx: r.Context(), endpoint: "http://" + r.Host}
	if err := s.fault(name, false); err != nil {
		if c.redeliver = errors.Is(err, ErrRedeliver); !c.redeliver {
			return nil, err
		}
	}
	out, err := run(s, c, body)
	if err == nil {
		err = s.fault(name, true)
	}
	return out, err
}

func answerError(w http.ResponseWriter, e *Error) {
	fault, kind := "Receiver", e.Type
	if e.senderFault() {
		fault = "Sender"
	}
	if kind == "" {
		kind = e.Code
	}
	w.Header().Set("x-amzn-query-error", e.Code+";"+fault)
	w.WriteHeader(e.Status)
	w.Write(encode(map[string]string{"__type": "com.amazonaws.sqs#" + kind, "message": e.Message}))
}

// encode writes JSON without the escapes that only HTML needs: message bodies are full of what would be escaped.
func encode(v any) []byte {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // our own types, none of which can fail
	}
	return buf.Bytes()
}
