package graph

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestPostFile: the form has the parameters, then the file under its name and type, and says how long it is if that is known.
func TestPostFile(t *testing.T) {
	t.Parallel()
	for _, known := range []int64{5, 0} {
		var got []string
		var length int64
		client := answering(t, func(w http.ResponseWriter, r *http.Request) {
			length = r.ContentLength
			form, err := r.MultipartReader()
			for err == nil {
				part, next := form.NextPart()
				if err = next; err == nil {
					content, _ := io.ReadAll(part)
					got = append(got, part.FormName()+" "+part.FileName()+" "+part.Header.Get("Content-Type")+" "+string(content))
				}
			}
			_, _ = w.Write([]byte(`{"id":"7"}`))
		})
		var into struct{ ID string }
		file := Upload{Name: `März "1".pdf`, MIME: "application/pdf", Bytes: known, Body: strings.NewReader("%PDF-")}
		if err := client.PostFile(t.Context(), "1/media", url.Values{"b": {"2"}, "a": {"1"}}, file, &into); err != nil || into.ID != "7" {
			t.Errorf("%v, %+v", err, into)
		}
		if want := "a   1|b   2|file März \"1\".pdf application/pdf %PDF-"; strings.Join(got, "|") != want {
			t.Errorf("the form is %q, want %q", got, want)
		}
		if (length > 0) != (known > 0) {
			t.Errorf("the length is %d for a file of %d bytes", length, known)
		}
	}
}
