package api

import (
	"bytes"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// securityScheme is the name of the way in which callers show who they are.
const securityScheme = "oidc"

const description = `The agents' side of Omni.

- The bearer is the **ID token** of the OpenID Connect issuer that the dashboard's /config.json names; its group ` + "`admin`" + ` makes an administrator.
- Times are RFC 3339 in UTC, to the millisecond. Ids are UUIDs.
- Lists that go on have ` + "`next`" + `: the cursor of the following page, or null at the end. A cursor is opaque, and good only for the query that gave it.
- What is wrong is said in problems of RFC 9457. Their ` + "`code`" + ` is stable; the sentence in ` + "`detail`" + ` is for people.
- A member or parameter that an operation does not know is refused. Answers may get new members at any time.`

// config is huma's, without the routes and links that it would add by itself.
func (a *API) config() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Omni", Version: "1", Description: description},
			Tags:    tags,
			Components: &huma.Components{
				Schemas: a.schemas,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					securityScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "An ID token of the OpenID Connect issuer."},
				},
			},
		},
		Formats:       map[string]huma.Format{jsonType: {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: json.Unmarshal}, "json": huma.DefaultJSONFormat},
		DefaultFormat: jsonType,
		Transformers:  []huma.Transformer{a.translate},
	}
}

const jsonType = "application/json"

// problemResponse describes every answer that is no success.
func (a *API) problemResponse() *huma.Response {
	return &huma.Response{
		Description: "What is wrong.",
		Content:     map[string]*huma.MediaType{problemType: {Schema: a.schemas.Schema(problemModel, true, "")}},
	}
}

// Document is the API's OpenAPI document. The same API has the same bytes.
func (a *API) Document() ([]byte, error) {
	rendered, err := marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var document bytes.Buffer
	err = json.Indent(&document, rendered, "", "  ")
	return document.Bytes(), err
}

// marshal renders JSON without escaping what HTML would need.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return out.Bytes(), err
}
