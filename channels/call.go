package channels

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Doer makes HTTP requests, as [http.Client] does. It does not follow redirects: they would carry a token to where it does not belong.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Limits of one call to a platform.
const (
	callTime   = 20 * time.Second // and more for what is uploaded
	uploadRate = 1 << 20          // bytes a second that an upload has to make at least
	maxAnswer  = 1 << 20
)

// Answer is a platform's answer to one request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // all of it
}

// Call makes one request to the platform and reads the answer, whatever its status. It is the way in which channels call out: it limits
// time and size, and its errors name the host only, because the rest of a URL may hold a token.
func (e Env) Call(request *http.Request) (Answer, error) {
	answer, err := e.call(request)
	if err != nil {
		return Answer{}, fmt.Errorf("calling %s: %w", request.URL.Host, WithoutURL(err))
	}
	return answer, nil
}

func (e Env) call(request *http.Request) (Answer, error) {
	upload := time.Duration(max(request.ContentLength, 0)) * time.Second / uploadRate
	ctx, cancel := context.WithTimeout(request.Context(), callTime+upload)
	defer cancel()
	response, err := e.doer().Do(request.WithContext(ctx))
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return Answer{}, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxAnswer {
		return Answer{}, fmt.Errorf("the answer is larger than %d bytes", maxAnswer)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

func (e Env) doer() Doer {
	if e.HTTP != nil {
		return e.HTTP
	}
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// WithoutURL takes away what net/http puts around an error: the URL, which may hold a secret.
func WithoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// ErrCredentials means that the platform refuses the account's credentials: trying again cannot help until an operator replaces them.
var ErrCredentials = errors.New("the platform refuses the credentials")

// ThrottledError means that the platform wants no calls for a while. Whether from the whole account or only to this customer, few platforms
// say: so it concerns the call that was refused, and others find out for themselves. Nothing of that call was done.
type ThrottledError struct {
	After time.Duration // how long to wait, as the platform says; 0: it does not
	Err   error         // the platform's answer
}

// Throttled says that the platform wants no calls for a while.
func Throttled(after time.Duration, err error) error { return &ThrottledError{after, err} }

func (e *ThrottledError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("%v; the platform wants no calls for %s", e.Err, e.After)
	}
	return fmt.Sprintf("%v; the platform wants no calls for a while", e.Err)
}

func (e *ThrottledError) Unwrap() error { return e.Err }

// Hide takes secrets out of a text that a platform wrote: some repeat a token that they refuse.
func Hide(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[hidden]")
		}
	}
	return text
}

// First is the value of a secret to call out with: the first, which is the new one while a rotation lasts. Empty: there is none.
func (s Secrets) First(name string) string {
	if len(s[name]) == 0 {
		return ""
	}
	return s[name][0]
}

// ErrMissingSecrets means that an operator has not entered what a call needs.
var ErrMissingSecrets = errors.New("missing secrets")

// Need returns an [ErrMissingSecrets] that names those of the secrets that are missing, or nil.
func (s Secrets) Need(names ...string) error {
	var missing []string
	for _, name := range names {
		if s.First(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %s", ErrMissingSecrets, strings.Join(missing, ", "))
	}
	return nil
}
