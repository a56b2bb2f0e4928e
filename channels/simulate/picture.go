package simulate

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"strconv"
	"sync"
)

// Picture is a photo as customers send them, a JPEG of 640 by 480: a lamp in a colour that follows from the name. The same name is the same
// photo. The bytes are shared and must not be changed.
func Picture(name string) []byte {
	h := fnv.New32a()
	h.Write([]byte(name))
	all := pictures()
	return all[h.Sum32()%uint32(len(all))]
}

// ServePicture answers with the [Picture] of the name, as a file of the MIME type that the platform gives it.
func ServePicture(w http.ResponseWriter, name, mime string) {
	picture := Picture(name)
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Length", strconv.Itoa(len(picture)))
	_, _ = w.Write(picture) // a client that has gone wants no answer
}

// pictures are few: drawing one takes longer than everything else that a simulated platform does.
var pictures = sync.OnceValue(func() [][]byte {
	shades := []color.RGBA{{37, 99, 235, 255}, {220, 38, 38, 255}, {22, 163, 74, 255}, {234, 179, 8, 255}, {147, 51, 234, 255}, {13, 148, 136, 255}}
	all := make([][]byte, len(shades))
	for i, shade := range shades {
		var b bytes.Buffer
		_ = jpeg.Encode(&b, lamp(shade), nil) // memory takes everything, and the size is no mistake
		all[i] = b.Bytes()
	}
	return all
})

func lamp(shade color.Color) image.Image {
	canvas := image.NewRGBA(image.Rect(0, 0, 640, 480))
	paint := func(c color.Color, x0, y0, x1, y1 int) {
		draw.Draw(canvas, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	wall, table, brass := color.RGBA{233, 228, 218, 255}, color.RGBA{185, 155, 122, 255}, color.RGBA{68, 64, 60, 255}
	paint(wall, 0, 0, 640, 400)
	paint(table, 0, 400, 640, 480)
	paint(brass, 314, 240, 326, 390)
	paint(brass, 260, 388, 380, 404)
	for y := 90; y < 240; y++ {
		half := 70 + (y-90)/3
		paint(shade, 320-half, y, 320+half, y+1)
	}
	return canvas
}
