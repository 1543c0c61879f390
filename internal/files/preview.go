package files

import (
	"bytes"
	"context"
	"image"
	"image/color"
	_ "image/gif" // a decoder of image.Decode
	"image/jpeg"
	_ "image/png" // the same
	"sync"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // the same

	"guichet/internal/desk"
)

// Bounds of what is decoded: pixels, and bytes that they take in memory. Both are
// told by a file's first bytes, before anything is unpacked.
const (
	maxPixels  = 50_000_000
	maxDecoded = 128 << 20
)

// previewWidth and previewHeight bound a small picture, in pixels: twice what a page
// shows it in.
const (
	previewWidth  = 640
	previewHeight = 480
)

// Pictured is the small picture of an image, and how large the image is, in pixels.
// Blob is "" for what cannot be shown small.
type Pictured struct {
	Blob          string
	Width, Height int
}

// one decodes at a time: what an image takes in memory is bounded, not what ten do.
var one sync.Mutex

// Preview makes the small picture of an image as a blob of its own. Errors: the
// bucket's; an image that is none, or too large to unpack, has no picture and is no
// error.
func (s *Store) Preview(ctx context.Context, owner desk.ID, name string) (Pictured, error) {
	one.Lock()
	defer one.Unlock()
	r, err := s.read(ctx, name)
	if err != nil {
		return Pictured{}, err
	}
	defer func() { _ = r.Close() }()
	c, kind, err := image.DecodeConfig(r)
	if err != nil || !decodable(c) {
		return Pictured{}, r.err
	}
	if _, err := r.Seek(0, 0); err != nil {
		return Pictured{}, err
	}
	head := make([]byte, exifBytes)
	n, _ := readSome(r, head)
	turn := 1
	if kind == "jpeg" {
		turn = orientation(head[:n])
	}
	if _, err := r.Seek(0, 0); err != nil {
		return Pictured{}, err
	}
	whole, _, err := image.Decode(r)
	if err != nil {
		return Pictured{}, r.err
	}
	small := turned(shrunk(whole, turn > 4), turn)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82}); err != nil {
		return Pictured{}, err
	}
	kept, err := s.Put(ctx, owner, &out, int64(out.Len()))
	if turn > 4 {
		c.Width, c.Height = c.Height, c.Width
	}
	return Pictured{kept.Blob, c.Width, c.Height}, err
}

// decodable tells an image that fits into memory once it is unpacked.
func decodable(c image.Config) bool {
	if c.Width <= 0 || c.Height <= 0 || c.Width > 1<<16 || c.Height > 1<<16 {
		return false
	}
	pixels := int64(c.Width) * int64(c.Height)
	each := int64(4)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		each = 8
	case color.YCbCrModel:
		each = 3
	case color.Gray16Model:
		each = 2
	case color.GrayModel:
		each = 1
	default:
		if _, indexed := c.ColorModel.(color.Palette); indexed {
			each = 1
		}
	}
	return pixels <= maxPixels && pixels*each <= maxDecoded
}

// shrunk draws an image on white, no larger than a preview, or than one that lies on
// its side.
func shrunk(whole image.Image, lies bool) *image.RGBA {
	previewWidth, previewHeight := previewWidth, previewHeight
	if lies {
		previewWidth, previewHeight = previewHeight, previewWidth
	}
	b := whole.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > previewWidth {
		w, h = previewWidth, max(1, h*previewWidth/w)
	}
	if h > previewHeight {
		w, h = max(1, w*previewHeight/h), previewHeight
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(small, small.Bounds(), whole, b, draw.Over, nil)
	return small
}
