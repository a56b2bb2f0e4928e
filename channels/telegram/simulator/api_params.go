package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"omni/channels/simulate"
)

// given are the parameters of a call. The Bot API takes them as JSON or as a form, and treats both alike: texts, of which some are JSON.
type given struct {
	values map[string]string
	file   *upload // nil: none
}

// upload is a file that came with the parameters.
type upload struct {
	field, name, mime string
	bytes             int64
}

// readParams reads the parameters, and refuses those that the method does not have.
func readParams(r *http.Request, known ...string) (given, *refusal) {
	g := given{values: map[string]string{}}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/json":
		err = g.readJSON(r.Body)
	case err == nil && kind == "multipart/form-data":
		err = g.readForm(multipart.NewReader(r.Body, options["boundary"]))
	default:
		err = errors.New("neither JSON nor a form")
	}
	if err != nil {
		return given{}, badRequest("can't parse the parameters")
	}
	for name := range g.values {
		if !slices.Contains(known, name) {
			return given{}, badRequest("there is no parameter " + name)
		}
	}
	return g, nil
}

func (g given) readJSON(body io.Reader) error {
	var members map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&members); err != nil {
		return err
	}
	for name, raw := range members {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		g.values[name] = text
	}
	return nil
}

// readForm reads a form. Of its file it keeps how large it is.
func (g *given) readForm(form *multipart.Reader) error {
	return simulate.ReadParts(form, func(part *multipart.Part) error {
		if part.FileName() == "" {
			value, err := io.ReadAll(part)
			g.values[part.FormName()] = string(value)
			return err
		}
		size, err := io.Copy(io.Discard, part)
		g.file = &upload{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), size}
		return err
	})
}

func (g given) text(name string) string { return strings.TrimSpace(g.values[name]) }

func (g given) int(name string) int64 {
	n, err := strconv.ParseInt(g.values[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// degrees is an angle of at most the size.
func (g given) degrees(name string, most float64) (float64, bool) {
	n, err := strconv.ParseFloat(g.values[name], 64)
	return n, err == nil && -most <= n && n <= most
}

// object reads a parameter that is JSON, if there is one. Members that it does not have are mistakes.
func (g given) object(name string, into any) bool {
	value, ok := g.values[name]
	if !ok {
		return true
	}
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into) == nil
}
