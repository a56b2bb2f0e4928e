package dev

import (
	"omni/gen/dispatch"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/tools/omni/dev/issuer"
)

// gateway is the front of the functions that are made of the parts.
func (o Options) gateway(parts app.Parts, files *blob.FolderFiles) (front, error) {
	parts.FileStore = files.At(filesPath)
	f := front{webhook: parts.Webhook(), api: parts.API(), visitors: parts.Visitor(), files: files, log: o.Log}
	for _, route := range dispatch.Routes {
		f.webhooks = append(f.webhooks, route.Key)
	}
	people, err := issuer.Open(issuer.Options{Dir: o.State.Path("issuer"), TokenTime: o.TokenTime})
	if err != nil {
		return f, err
	}
	f.issuer = people
	f.tokens, err = newAuthorizer(people.Keys(), issuer.Ours, issuer.ClientID)
	return f, err
}
