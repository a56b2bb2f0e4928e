package dev

import (
	"cmp"
	"net"
	"strings"
	"time"

	"omni/internal/blob"
)

// filesPath is where the server serves files.
const filesPath = "/files/"

// openFiles returns the files of messages, which are kept in the state folder. Links to them lead to this server. Without a public URL nobody on the
// internet can follow one; it says https all the same, because simulated platforms insist on that as the real ones do, and fetch nothing.
func openFiles(o Options, address net.Addr) *blob.FolderFiles {
	base := cmp.Or(strings.TrimSuffix(o.PublicURL, "/"), "https://"+address.String())
	return blob.NewFolderFiles(o.State.Path("files"), base+filesPath, time.Now)
}
