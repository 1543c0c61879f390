package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"guichet/internal/desk"
	"guichet/internal/files"
)

// big is more than either cloud takes at once: S3 16 MiB, Azure 5.
const big = 17 << 20

func TestWhatIsKeptComesBack(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		owner := desk.NewID()
		for _, size := range []int{0, 450_000, big} {
			text := strings.Repeat("évidence\x00", size/10+1)[:size]
			k, err := p.Put(t.Context(), owner, strings.NewReader(text), int64(size))
			sum := sha256.Sum256([]byte(text))
			if err != nil || k.Bytes != int64(size) || k.Sum != hex.EncodeToString(sum[:]) || !strings.HasPrefix(k.Blob, owner.String()+"/") {
				t.Errorf("%+v, %v", k, err)
			}
			if got := content(t, p.Store, k.Blob); got != text {
				t.Errorf("of %d bytes %d came back", size, len(got))
			}
			other, err := p.Put(t.Context(), owner, strings.NewReader(text), int64(size))
			if err != nil || other.Blob == k.Blob {
				t.Errorf("the same file again is %+v, %v", other, err)
			}
			for range 2 { // what is gone is gone
				if err := p.Remove(t.Context(), k.Blob); err != nil {
					t.Error(err)
				}
			}
			if _, err := p.Open(t.Context(), k.Blob); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("what was removed is %v", err)
			}
			if got := content(t, p.Store, other.Blob); got != text {
				t.Errorf("removing one took the other")
			}
		}
	})
}

// A reader who asks for a part is sent that part.
func TestAFileIsReadFromAnywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		k, err := p.Put(t.Context(), desk.NewID(), strings.NewReader("0123456789"), 10)
		if err != nil {
			t.Fatal(err)
		}
		for span, want := range map[string]string{"": "0123456789", "bytes=0-3": "0123", "bytes=4-": "456789", "bytes=-2": "89", "bytes=20-": "invalid range: failed to overlap\n"} {
			body, err := p.Open(t.Context(), k.Blob)
			if err != nil {
				t.Fatal(err)
			}
			r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
			r.Header.Set("Range", span)
			http.ServeContent(w, r, "", time.Time{}, body)
			if got := w.Body.String(); got != want || body.Close() != nil {
				t.Errorf("%s is %d %q", span, w.Code, got)
			}
		}
	})
}

func TestPiecesAreJoined(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		owner, names := desk.NewID(), []string(nil)
		for _, text := range []string{"one, ", "two, ", "three"} {
			k, err := p.Put(t.Context(), owner, strings.NewReader(text), 10)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, k.Blob)
		}
		k, err := p.Join(t.Context(), owner, names, 15)
		if got := content(t, p.Store, k.Blob); err != nil || got != "one, two, three" || string(k.Head) != got {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := p.Join(t.Context(), owner, names, 14); !errors.Is(err, files.ErrTooLong) {
			t.Errorf("more than was said: %v", err)
		}
		if _, err := p.Join(t.Context(), owner, append(names, owner.String()+"/gone"), 20); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a piece that is gone: %v", err)
		}
		if left := p.left(); len(left) != 4 {
			t.Errorf("left behind: %q", left)
		}
	})
}

func TestNothingIsLeftOfWhatFails(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		text, broken := strings.Repeat("x", big), errors.New("the line broke")
		for _, size := range []int64{200_000, big} {
			ended, end := context.WithCancel(t.Context())
			for name, tc := range map[string]struct {
				ctx  context.Context
				r    io.Reader
				want error
			}{
				"too long":      {t.Context(), strings.NewReader(text[:size] + "x"), files.ErrTooLong},
				"without end":   {t.Context(), endless{}, files.ErrTooLong},
				"a broken line": {t.Context(), io.MultiReader(strings.NewReader(text[:size-1]), iotest.ErrReader(broken)), broken},
				"who hangs up":  {ended, io.MultiReader(strings.NewReader(text[:size-1]), hangsUp{end}), context.Canceled},
			} {
				if k, err := p.Put(tc.ctx, desk.NewID(), tc.r, size); !errors.Is(err, tc.want) {
					t.Errorf("%s: %+v, %v", name, k, err)
				}
			}
		}
		if left := p.left(); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
}

func TestASweepTakesWhatNobodyKnows(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		one, two := desk.NewID(), desk.NewID()
		put := func(owner desk.ID) string {
			k, err := p.Put(t.Context(), owner, strings.NewReader("x"), 10)
			if err != nil {
				t.Fatal(err)
			}
			return k.Blob
		}
		known, orphan, orphans, others := put(one), put(one), 3, put(two)
		_ = put(one)
		knows := func(names []string) ([]string, error) { return []string{known}, nil }
		if p.folder == "" {
			_ = put(one)
		} else if err := os.WriteFile(filepath.Join(p.folder, one.String(), "abc.1234.tmp"), []byte("half"), 0o600); err != nil {
			t.Fatal(err) // a process that died while it wrote leaves such a file
		}
		if n, err := p.Sweep(t.Context(), one, time.Now().Add(-time.Hour), knows); n != 0 || err != nil {
			t.Errorf("of what is young %d were swept, %v", n, err)
		}
		fails := errors.New("no answer")
		if n, err := p.Sweep(t.Context(), one, time.Now().Add(time.Hour), func([]string) ([]string, error) { return nil, fails }); n != 0 || !errors.Is(err, fails) {
			t.Errorf("without an answer %d were swept, %v", n, err)
		}
		if n, err := p.Sweep(t.Context(), one, time.Now().Add(time.Hour), knows); n != orphans || err != nil {
			t.Errorf("%d were swept, %v", n, err)
		}
		content(t, p.Store, known)
		content(t, p.Store, others)
		if _, err := p.Open(t.Context(), orphan); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the orphan is %v", err)
		}
		// A desk that goes takes its bytes with it, and nobody else's.
		if n, err := p.Sweep(t.Context(), one, time.Now().Add(time.Hour), func([]string) ([]string, error) { return nil, nil }); n != 1 || err != nil || len(p.left()) != 1 {
			t.Errorf("of a desk that is gone %d were swept, %v; left: %q", n, err, p.left())
		}
		if n, err := p.Sweep(t.Context(), desk.NewID(), time.Now(), knows); n != 0 || err != nil {
			t.Errorf("of a desk without files %d were swept, %v", n, err)
		}
	})
}

func TestNamesLeadNowhereElse(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		for _, name := range []string{"../secret/file", "a/../../secret/file", "/../secret/file", `..\secret\file`, "..%2fsecret%2ffile", "", "a\x00b", "/etc/passwd"} {
			if r, err := p.Open(t.Context(), name); err == nil {
				_ = r.Close()
				t.Errorf("%q was opened", name)
			}
		}
	})
}

func opened(t *testing.T, s *files.Store, name string) io.Reader {
	t.Helper()
	r, err := s.Open(t.Context(), name)
	if err != nil {
		t.Error(err)
		return strings.NewReader("")
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func content(t *testing.T, s *files.Store, name string) string {
	t.Helper()
	text, err := io.ReadAll(opened(t, s, name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// picture is a photograph of 1000 by 500.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1000, 500)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// hangsUp ends the request in the middle of what it sends, and goes on.
type hangsUp struct{ end func() }

func (h hangsUp) Read(p []byte) (int, error) {
	h.end()
	return 0, io.EOF
}

// A bomb of pixels is seen by its first bytes and never unpacked; of a photograph held
// on its side the small picture stands upright.
func TestPreviewsAreBounded(t *testing.T) {
	t.Parallel()
	s := files.Folder(t.TempDir())
	owner := desk.NewID()
	header := func(width, height uint32) []byte {
		b := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0)
		binary.BigEndian.PutUint32(b[4:], width)
		binary.BigEndian.PutUint32(b[8:], height)
		out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), b...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(b))
	}
	for name, content := range map[string][]byte{"a bomb": header(60000, 60000), "cut": header(10, 10), "no image": []byte("\x89PNG\r\n\x1a\n"), "nothing": nil} {
		k, err := s.Put(t.Context(), owner, bytes.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := s.Preview(t.Context(), owner, k.Blob); err != nil || p.Blob != "" {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	k, err := s.Put(t.Context(), owner, strings.NewReader("\xff\xd8"+exif+string(picture(t)[2:])), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Preview(t.Context(), owner, k.Blob)
	if err != nil || p.Blob == "" || p.Width != 500 || p.Height != 1000 {
		t.Fatalf("%+v, %v", p, err)
	}
	r, err := s.Open(t.Context(), p.Blob)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if c, _, err := image.DecodeConfig(r); err != nil || c.Width != 240 || c.Height != 480 {
		t.Errorf("the small picture is %d by %d, %v", c.Width, c.Height, err)
	}
}
