package channels

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MediaOpener is a Channel that can fetch the files of the messages that its customers send.
type MediaOpener interface {
	// OpenMedia opens the file of an attachment that has a MediaID or a URL. It makes no second attempt: whoever calls it decides that
	// by the error, here or while the body is read, which is
	//
	//   - [ErrGone]: never again, because the platform no longer has the file,
	//   - [RejectedError]: never again, because the file is too large or not one that this channel may fetch,
	//   - [ThrottledError]: not for a while,
	//   - [ErrCredentials] or [ErrMissingSecrets]: an operator has to act first,
	//   - anything else: trying again may help.
	//
	// It calls the platform's own hosts only, over https, and gives no token to any other. That these names lead to no private address is
	// up to [Env.HTTP].
	OpenMedia(context.Context, Attachment) (Media, error)
}

// Media is a file that is being fetched.
type Media struct {
	Body  io.ReadCloser // whoever opened it closes it
	MIME  string        // as the platform says; empty: it does not
	Bytes int64         // as the platform says; -1: it does not
}

// ErrGone means that the platform no longer has a file: its link or the message has expired, or it was deleted.
var ErrGone = errors.New("the platform no longer has the file")

// Download fetches one file.
type Download struct {
	Request  *http.Request
	Hosts    []string // which may be asked, and to which a redirect may lead: a name, or .example.com for all below it
	MaxBytes int64
}

// StatusError is an answer other than 200 to a [Download].
type StatusError struct {
	Host   string
	Status int
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answers with %d %s", e.Host, e.Status, http.StatusText(e.Status))
}

// Is makes an [ErrGone] of the two statuses that say so everywhere.
func (e *StatusError) Is(target error) bool {
	return target == ErrGone && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}

// maxRedirects is how many redirects a download follows.
const maxRedirects = 3

// Fetch starts a download. It is the way in which channels fetch files, as [Env.Call] is for everything else: it limits the time until the
// platform answers, the size and the hosts, it follows redirects without the request's headers, and its errors name the host only. Too
// large a file is a [RejectedError], here or from the body; an answer other than 200 is a [StatusError], or a [ThrottledError] of one.
func (e Env) Fetch(d Download) (Media, error) {
	ctx, cancel := context.WithCancelCause(d.Request.Context())
	late := time.AfterFunc(callTime, func() { cancel(context.DeadlineExceeded) })
	defer late.Stop()
	response, host, err := e.follow(d, d.Request.WithContext(ctx)) //nolint:bodyclose // whoever gets the Media closes it
	if err != nil {
		cancel(nil)
		return Media{}, err
	}
	body := &limitedBody{ReadCloser: response.Body, left: d.MaxBytes, err: tooLarge(d.MaxBytes), cancel: cancel}
	if err := refusedFile(response, host, d.MaxBytes); err != nil {
		_ = body.Close() // the refusal says more
		return Media{}, err
	}
	return Media{Body: body, MIME: response.Header.Get("Content-Type"), Bytes: response.ContentLength}, nil
}

// follow makes the request, and those to which it is redirected. It returns the host that answers in the end.
func (e Env) follow(d Download, request *http.Request) (*http.Response, string, error) {
	for range maxRedirects + 1 {
		if !d.allows(request.URL) {
			return nil, "", Reject("host", "The file lies where we may not fetch it from: "+request.URL.Hostname()+".", nil)
		}
		response, err := e.doer().Do(request)
		if err != nil {
			return nil, "", fmt.Errorf("fetching from %s: %w", request.URL.Host, WithoutURL(err))
		}
		if response.StatusCode/100 != 3 {
			return response, request.URL.Host, nil
		}
		_ = response.Body.Close() // nothing of it is needed
		request, err = redirected(request, response.Header.Get("Location"))
		if err != nil {
			return nil, "", err
		}
	}
	return nil, "", fmt.Errorf("fetching from %s: more than %d redirects", request.URL.Host, maxRedirects)
}

// redirected is a request without headers for where an answer points, because they may hold a token.
func redirected(from *http.Request, location string) (*http.Request, error) {
	target, err := from.URL.Parse(location)
	if err != nil || location == "" {
		return nil, fmt.Errorf("fetching from %s: it redirects to nowhere", from.URL.Host)
	}
	to, err := http.NewRequestWithContext(from.Context(), http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetching from %s: it redirects to nowhere", from.URL.Host)
	}
	return to, nil
}

func (d Download) allows(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	allowed := slices.ContainsFunc(d.Hosts, func(name string) bool {
		return host == name || strings.HasPrefix(name, ".") && strings.HasSuffix(host, name)
	})
	return allowed && u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && u.User == nil
}

// refusedFile says why an answer is no file that can be read, if it is none.
func refusedFile(response *http.Response, host string, maxBytes int64) error {
	switch {
	case response.StatusCode == http.StatusOK && response.ContentLength > maxBytes:
		return tooLarge(maxBytes)
	case response.StatusCode == http.StatusOK:
		return nil
	}
	err := &StatusError{host, response.StatusCode}
	if err.Status == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // without it, or with a date: 0, which says nothing
		return Throttled(time.Duration(max(seconds, 0))*time.Second, err)
	}
	return err
}

func tooLarge(maxBytes int64) error {
	return Reject("too_large", fmt.Sprintf("The file has more than %s, the most that is fetched.", megabytes(maxBytes)), nil)
}

// limitedBody is a body that ends with an error when it is longer than it may be.
type limitedBody struct {
	io.ReadCloser
	left   int64
	err    error
	cancel context.CancelCauseFunc
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more than it may have, to see whether it ends
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), b.err
	}
	b.left -= int64(n)
	return n, err
}

func (b *limitedBody) Close() error {
	defer b.cancel(nil)
	return b.ReadCloser.Close()
}
