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
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	_ "gocloud.dev/blob/memblob"

	"guichet/internal/desk"
	"guichet/internal/files"
)

func TestWhatIsKeptComesBack(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*files.Store{"a folder": files.At(&url.URL{Scheme: "file", Path: filepath.Join(t.TempDir(), "not", "yet")}), "a URL": files.At(&url.URL{Scheme: "mem"})} {
		owner := desk.NewID()
		text := strings.Repeat("évidence\x00", 50_000)
		k, err := s.Put(t.Context(), owner, strings.NewReader(text), int64(len(text)))
		sum := sha256.Sum256([]byte(text))
		if err != nil || k.Bytes != int64(len(text)) || k.Sum != hex.EncodeToString(sum[:]) || !strings.HasPrefix(k.Blob, owner.String()+"/") {
			t.Errorf("%s: %+v, %v", name, k, err)
		}
		if got := content(t, s, k.Blob); got != text {
			t.Errorf("%s: %d bytes came back", name, len(got))
		}
		other, err := s.Put(t.Context(), owner, strings.NewReader(text), int64(len(text)))
		if err != nil || other.Blob == k.Blob {
			t.Errorf("%s: the same file again is %+v, %v", name, other, err)
		}
		for range 2 { // what is gone is gone
			if err := s.Remove(t.Context(), k.Blob); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Open(t.Context(), k.Blob); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: what was removed is %v", name, err)
		}
		if got := content(t, s, other.Blob); got != text {
			t.Errorf("%s: removing one took the other", name)
		}
	}
}

func TestNothingIsLeftOfWhatFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := files.Folder(dir)
	big := strings.Repeat("x", 200_000)
	broken := errors.New("the line broke")
	ended, end := context.WithCancel(t.Context())
	for name, tc := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		want error
	}{
		"too long":      {t.Context(), strings.NewReader(big + "x"), files.ErrTooLong},
		"without end":   {t.Context(), endless{}, files.ErrTooLong},
		"a broken line": {t.Context(), io.MultiReader(strings.NewReader(big[:150_000]), iotest.ErrReader(broken)), broken},
		"who hangs up":  {ended, io.MultiReader(strings.NewReader(big[:150_000]), hangsUp{end}), context.Canceled},
	} {
		if k, err := s.Put(tc.ctx, desk.NewID(), tc.r, 200_000); !errors.Is(err, tc.want) {
			t.Errorf("%s: %+v, %v", name, k, err)
		}
	}
	if left := under(t, dir); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if k, err := s.Put(t.Context(), desk.NewID(), strings.NewReader(big), 200_000); err != nil || k.Bytes != 200_000 {
		t.Errorf("as long as it may be: %+v, %v", k, err)
	}
}

func TestASweepTakesWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := files.Folder(dir)
	one, two := desk.NewID(), desk.NewID()
	put := func(owner desk.ID) string {
		k, err := s.Put(t.Context(), owner, strings.NewReader("x"), 10)
		if err != nil {
			t.Fatal(err)
		}
		return k.Blob
	}
	known, orphan, others := put(one), put(one), put(two)
	knows := func(names []string) ([]string, error) { return []string{known}, nil }
	// A process that died while it wrote leaves such a file.
	stranded := filepath.Join(dir, one.String(), "abc.1234.tmp")
	if err := os.WriteFile(stranded, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(t.Context(), one, time.Now().Add(-time.Hour), knows); n != 0 || err != nil {
		t.Errorf("of what is young %d were swept, %v", n, err)
	}
	fails := errors.New("no answer")
	if n, err := s.Sweep(t.Context(), one, time.Now().Add(time.Hour), func([]string) ([]string, error) { return nil, fails }); n != 0 || !errors.Is(err, fails) {
		t.Errorf("without an answer %d were swept, %v", n, err)
	}
	if n, err := s.Sweep(t.Context(), one, time.Now().Add(time.Hour), knows); n != 2 || err != nil {
		t.Errorf("%d were swept, %v", n, err)
	}
	content(t, s, known)
	content(t, s, others)
	if _, err := s.Open(t.Context(), orphan); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("the orphan is %v", err)
	}
	if n, err := s.Sweep(t.Context(), desk.NewID(), time.Now(), knows); n != 0 || err != nil {
		t.Errorf("of a desk without files %d were swept, %v", n, err)
	}
}

func TestNamesLeadNowhereElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := files.Folder(filepath.Join(dir, "files"))
	for _, name := range []string{"../secret", "a/../../secret", "/../secret", `..\secret`, "", "a\x00b", "/etc/passwd"} {
		if r, err := s.Open(t.Context(), name); err == nil {
			_ = r.Close()
			t.Errorf("%q was opened", name)
		}
	}
}

func TestCheckSaysWhyFilesCannotBeKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := files.Folder(filepath.Join(dir, "files")).Check(t.Context()); err != nil {
		t.Error(err)
	}
	if left := under(t, dir); len(left) > 0 {
		t.Errorf("the check left %q", left)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*files.Store{"below a file": files.Folder(filepath.Join(dir, "file", "files")), "no such opener": files.At(&url.URL{Scheme: "s4", Host: "bucket"}), "none": nil} {
		if err := s.Check(t.Context()); err == nil {
			t.Errorf("%s: nothing is wrong", name)
		} else {
			t.Log(name+":", err)
		}
	}
}

func content(t *testing.T, s *files.Store, name string) string {
	t.Helper()
	r, err := s.Open(t.Context(), name)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = r.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Error(err)
	}
	return b.String()
}

func under(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
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
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 1000, 500)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	k, err := s.Put(t.Context(), owner, strings.NewReader("\xff\xd8"+exif+plain.String()[2:]), 1<<20)
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
