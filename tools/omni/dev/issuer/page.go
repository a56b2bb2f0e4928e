package issuer

import (
	_ "embed"
	"html/template"
	"net/http"
)

// page is the page on which one signs in.
type page struct {
	Fields  map[string]string // the request, carried on
	People  []Person
	Typed   string // the name that was typed, when it cannot be one
	Wrong   string // what is wrong with it
	Refused string // why nobody can sign in at all; then the rest is empty
}

var (
	//go:embed page.html
	pageSource   string
	pageTemplate = template.Must(template.New("sign-in").Parse(pageSource))
	//go:embed style.css
	pageStyle string
)

// pagePolicy lets the page have its style and its form, and no script. The form's answer leads to the dashboard, which is of the same origin.
const pagePolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func showPage(w http.ResponseWriter, status int, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, p) // a client that has gone wants no answer
}

func (i *Issuer) style(w http.ResponseWriter, _ *http.Request, _ string) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(pageStyle)) // a client that has gone wants no answer
}
