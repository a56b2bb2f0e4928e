package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

func TestOpenMedia(t *testing.T) {
	t.Parallel()
	c := newMeta(t).channel(t, nil)
	for name, attachment := range map[string]channels.Attachment{
		"by its id":   {MediaID: "2000000000000001"},
		"by its link": {URL: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=7"},
	} {
		media, err := c.OpenMedia(t.Context(), attachment)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(media.Body)
		if err != nil || media.MIME != "image/jpeg" || media.Bytes != int64(len(body)) || http.DetectContentType(body) != "image/jpeg" {
			t.Errorf("%s: %s of %d bytes, %d read, %v", name, media.MIME, media.Bytes, len(body), err)
		}
		if err := media.Body.Close(); err != nil {
			t.Errorf("%s: closing: %v", name, err)
		}
	}
	if _, err := c.OpenMedia(t.Context(), channels.Attachment{MediaID: "2000000000000000"}); !errors.Is(err, channels.ErrGone) {
		t.Errorf("an id that has expired: %v", err)
	}
	var rejected *channels.RejectedError
	if _, err := c.OpenMedia(t.Context(), channels.Attachment{URL: "https://files.example/a"}); !errors.As(err, &rejected) {
		t.Errorf("a foreign host: %v", err)
	}
}

// TestMediaAnswers: what the host of files answers decides with how the file was named. Who is not that host gets no token.
func TestMediaAnswers(t *testing.T) {
	t.Parallel()
	byID, byLink := channels.Attachment{MediaID: "7"}, channels.Attachment{URL: "https://lookaside.fbsbx.com/a"}
	elsewhere := channels.Attachment{URL: "https://mmg.whatsapp.net/a"}
	for name, test := range map[string]struct {
		attachment channels.Attachment
		status     int
		link       string // where Meta says that the file lies
		class      string
	}{
		"a link that ended":          {attachment: byLink, status: 404, class: "gone"},
		"a new link may work":        {attachment: byID, status: 404, link: byLink.URL, class: "again"},
		"another token is needed":    {attachment: byLink, status: 401, class: "credentials"},
		"a server without the token": {attachment: elsewhere, status: 200, class: "sent"},
		"Meta's link leads away":     {attachment: byID, status: 200, link: "https://files.example/a", class: "rejected host"},
		"Meta's link is none":        {attachment: byID, status: 200, link: ":", class: "again"},
		"Meta names no link":         {attachment: byID, status: 200, class: "rejected host"},
	} {
		client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "graph.facebook.com" {
				_, _ = io.WriteString(w, `{"url":"`+test.link+`"}`)
				return
			}
			if token := r.Header.Get("Authorization"); (token != "") != (r.Host == "lookaside.fbsbx.com") {
				t.Errorf("%s: %s gets the token %q", name, r.Host, token)
			}
			w.WriteHeader(test.status)
		}))
		media, err := calling(t, client, accountOf("2001", "EAAG-one")).OpenMedia(t.Context(), test.attachment)
		if got := channeltest.Class(err); got != test.class {
			t.Errorf("%s: %s, want %s: %v", name, got, test.class, err)
		}
		if err == nil {
			_ = media.Body.Close()
		}
	}
}

// TestUploadStreams: a large file passes through, and is never in memory. Not parallel, because it measures.
func TestUploadStreams(t *testing.T) {
	const size = 15 << 20
	m := newMeta(t)
	c := m.channel(t, disk{"a": size})
	o := to(channels.Content{File: &channels.File{Kind: channels.Video, Key: "a", MIME: "video/mp4", Bytes: size}})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Send(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 3<<20 {
		t.Errorf("sending %d bytes allocates %d", size, allocated)
	}
	if delivered := m.Deliveries(); len(delivered) != 1 || delivered[0].Content.File.Bytes != size {
		t.Errorf("delivered %+v", delivered)
	}
}

// TestUploadFails: a message whose file cannot be uploaded is not sent.
func TestUploadFails(t *testing.T) {
	t.Parallel()
	file := channels.File{Kind: channels.Image, Key: "a", MIME: "image/png", Bytes: 70}
	shorter, longer := file, file
	shorter.Bytes, longer.Bytes = 80, 60
	for name, test := range map[string]struct {
		files disk
		file  channels.File
	}{
		"no such file":        {disk{}, file},
		"no files at all":     {nil, file},
		"shorter than stated": {disk{"a": 70}, shorter},
		"longer than stated":  {disk{"a": 70}, longer},
	} {
		m := newMeta(t)
		c := m.channel(t, test.files)
		if test.files == nil {
			c.env.Files = nil
		}
		if _, err := c.Send(t.Context(), to(channels.Content{File: &test.file})); channeltest.Class(err) != "again" || len(m.posts) > 0 {
			t.Errorf("%s: %v, posted %q", name, err, m.posts)
		}
	}
	const refusal = `{"error":{"message":"Media upload error","code":131053}}`
	for _, test := range []struct {
		status int
		body   string
		want   string
	}{{413, "", "rejected too_large"}, {400, refusal, "rejected 131053"}, {502, "", "again"}, {200, "{}", "again"}} {
		c := answered(t, test.status, nil, test.body)
		c.env.Files = disk{"a": 70}
		if _, err := c.Send(t.Context(), to(channels.Content{File: &file})); channeltest.Class(err) != test.want {
			t.Errorf("status %d: %v, want %s", test.status, err, test.want)
		}
	}
}
