package simulate

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestAPictureCanBeSeen(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range []string{"", "a", "b", "c", "d", "e", "f", "g", "h"} {
		content := Picture(name)
		photo, err := jpeg.Decode(bytes.NewReader(content))
		if err != nil || photo.Bounds().Dx() != 640 || photo.Bounds().Dy() != 480 {
			t.Fatalf("%q: %v", name, err)
		}
		if !bytes.Equal(content, Picture(name)) {
			t.Errorf("%q is another picture the second time", name)
		}
		seen[string(content)] = true
	}
	if len(seen) < 2 {
		t.Error("all names have the same picture")
	}
}
