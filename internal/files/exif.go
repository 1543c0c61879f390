package files

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// exifBytes is how far into a photograph its orientation is looked for: the segment
// that tells it is at most 64 KiB and comes first (Exif 2.32, §4.7).
const exifBytes = 68 << 10

func readSome(r io.Reader, into []byte) (int, error) {
	n, err := io.ReadFull(r, into)
	if n > 0 {
		return n, nil
	}
	return n, err
}

// orientation is how a photograph is to be turned, 1 to 8 as Exif counts (tag 0x0112);
// 1, not at all, when it does not say.
func orientation(head []byte) int {
	at := bytes.Index(head, []byte("Exif\x00\x00"))
	if at < 0 {
		return 1
	}
	tiff := head[at+6:]
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case !bytes.HasPrefix(tiff, []byte("MM\x00*")):
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[first+2:]
	for n := int(order.Uint16(tiff[first:])); n > 0 && len(entries) >= 12; n, entries = n-1, entries[12:] {
		if order.Uint16(entries) == 0x0112 {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}

// places tells where a point of a picture of w by h goes, by orientation.
var places = [...]func(x, y, w, h int) (int, int){
	2: func(x, y, w, _ int) (int, int) { return w - 1 - x, y },
	3: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
	4: func(x, y, _, h int) (int, int) { return x, h - 1 - y },
	5: func(x, y, _, _ int) (int, int) { return y, x },
	6: func(x, y, _, h int) (int, int) { return h - 1 - y, x },
	7: func(x, y, w, h int) (int, int) { return h - 1 - y, w - 1 - x },
	8: func(x, y, w, _ int) (int, int) { return y, w - 1 - x },
}

// turned is a picture as its orientation wants it seen.
func turned(p *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := places[turn](x, y, w, h)
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}
