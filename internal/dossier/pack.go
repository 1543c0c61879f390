package dossier

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// PackFile is a file for the zip, opened when its turn comes, perhaps twice.
type PackFile struct {
	Name  string
	Bytes int64
	Open  func() (io.ReadCloser, error)
}

// ErrTooBig is a zip that the form does not take. What fails is a TooBig.
var ErrTooBig = errors.New("error.pack_too_big")

// TooBig says by how much, and which files to leave out so that the rest fits: the biggest first.
type TooBig struct {
	Bytes, Limit int64 // of the zip
	LeaveOut     []string
}

func (e TooBig) Error() string { return ErrTooBig.Error() }
func (e TooBig) Unwrap() error { return ErrTooBig }

// Pack writes the dossier and its files as one zip that the form takes: the files under names that
// are safe on every system, each once, then dossier.txt and dossier.json. Secrets in browser
// traces and in texts are masked on the way. What the form does not take is left out, and
// dossier.txt says so. Nothing is written to w unless all of it is right.
//
// Errors: TooBig; those of w and of what is opened.
func Pack(w io.Writer, d Dossier, files []PackFile) error {
	p := &packer{limit: RulesOf(d.Form).Bytes, at: d.MadeAt}
	p.zip = zip.NewWriter(p)
	packed, notes := arrange(d.Form, files)
	p.notes = notes
	for _, f := range packed {
		if err := p.add(f); err != nil {
			return fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	attached := slices.Clone(p.headers)
	if err := p.papers(d); err != nil {
		return err
	}
	if p.size > p.limit {
		return p.tooBig(attached)
	}
	_, err := w.Write(p.kept.Bytes())
	return err
}

// arrange parts what can go from what cannot, and gives each its name in the zip.
func arrange(form string, files []PackFile) (packed []PackFile, notes []string) {
	used := map[string]bool{"dossier.txt": true, "dossier.json": true}
	for _, f := range files {
		problems := CheckFile(form, File{Name: f.Name, Bytes: f.Bytes})
		name := safeName(f.Name, RulesOf(form).Name, used)
		switch {
		case slices.Contains(problems, "dossier.problem.file_type"):
			notes = append(notes, "Left out (type not accepted): "+name)
			continue
		case slices.Contains(problems, "dossier.problem.file_empty"):
			notes = append(notes, "Left out (empty): "+name)
			continue
		}
		if name != f.Name {
			notes = append(notes, "Renamed: "+cleanLine(f.Name)+" is "+name)
		}
		used[strings.ToLower(name)] = true
		f.Name = name
		packed = append(packed, f)
	}
	return packed, notes
}

// safeName is a name without folders, signs that a system forbids, or another file's name.
func safeName(name string, most int, used map[string]bool) string {
	name = ASCII(clean(name))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*'`, r) || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(oneLine(name), ". ")
	if base, _, _ := strings.Cut(strings.ToLower(name), "."); name == "" || slices.Contains(devices, base) {
		name = "file_" + name
	}
	end := extension(name)
	if len(end) > 10 {
		end = ""
	}
	stem := name[:len(name)-len(end)]
	stem = stem[:min(len(stem), most-len(end)-4)]
	for n := 1; ; n++ {
		try := stem + end
		if n > 1 {
			try = fmt.Sprintf("%s-%d%s", stem, n, end)
		}
		if !used[strings.ToLower(try)] {
			return try
		}
	}
}

// SendName is the name under which a file goes to a form through an interface, unlike those that
// are used, in lower case: it becomes part of an address.
func SendName(form, name string, used map[string]bool) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("#%&+", r) {
			return '_'
		}
		return r
	}, name)
	return safeName(name, RulesOf(form).Name, used)
}

// PackOne writes one file as a zip of its own, with secrets masked on the way as Pack does.
//
// Errors: TooBig; ErrHAR for a trace that cannot be read to its end; what opening it says.
func PackOne(w io.Writer, form string, f PackFile, at time.Time) error {
	p := &packer{limit: RulesOf(form).Bytes, at: at}
	p.zip = zip.NewWriter(p)
	name := f.Name
	f.Name = safeName(name, RulesOf(form).Name, map[string]bool{})
	if err := p.add(f); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	if len(p.headers) == 0 {
		return ErrHAR
	}
	if err := p.zip.Close(); err != nil {
		return err
	}
	if p.size > p.limit {
		return p.tooBig(p.headers)
	}
	_, err := w.Write(p.kept.Bytes())
	return err
}

// devices are names that Windows keeps for itself.
var devices = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"}

// packer keeps a zip in memory up to its limit, and beyond it only counts.
type packer struct {
	zip         *zip.Writer
	at          time.Time // of what it holds
	headers     []*zip.FileHeader
	notes       []string // what became of the files, for dossier.txt
	kept        bytes.Buffer
	size, limit int64
}

func (p *packer) Write(b []byte) (int, error) {
	p.size += int64(len(b))
	if p.size <= p.limit {
		p.kept.Write(b)
	}
	return len(b), nil
}

// add packs one file, or notes why it is left out.
func (p *packer) add(f PackFile) error {
	if extension(f.Name) == ".har" {
		// A trace that cannot be scrubbed to its end must not leave a half in the zip.
		switch err := f.read(func(in io.Reader) error { _, err := ScrubHAR(in, io.Discard); return err }); {
		case errors.Is(err, ErrHAR):
			p.notes = append(p.notes, "Left out (not a readable HAR): "+f.Name)
			return nil
		case err != nil:
			return err
		}
	}
	out, err := p.create(f.Name)
	if err != nil {
		return err
	}
	return f.read(func(in io.Reader) error {
		found, err := Scrub(out, in, f.Name)
		if len(found) > 0 {
			p.notes = append(p.notes, "Secrets masked in: "+f.Name)
		}
		return err
	})
}

func (f PackFile) read(with func(io.Reader) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	return with(in)
}

func (p *packer) create(name string) (io.Writer, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.at}
	p.headers = append(p.headers, h)
	return p.zip.CreateHeader(h)
}

// papers adds the dossier itself. It comes last, when it is known what became of the files.
func (p *packer) papers(d Dossier) error {
	text := d.Text()
	if len(p.notes) > 0 {
		text += "\nFiles:\n" + strings.Join(p.notes, "\n") + "\n"
	}
	if asked().Forms[d.Form].ASCII {
		text = ASCII(text)
	}
	document, err := d.JSON()
	if err != nil {
		return err
	}
	for i, data := range []string{text, string(document)} {
		out, err := p.create([]string{"dossier.txt", "dossier.json"}[i])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, data); err != nil {
			return err
		}
	}
	return p.zip.Close()
}

// headOf is what a zip needs for a file beside its data: two headers and a descriptor.
const headOf = 30 + 46 + 16 + 2*9

// tooBig names the biggest files, until what is left fits.
func (p *packer) tooBig(files []*zip.FileHeader) error {
	e := TooBig{Bytes: p.size, Limit: p.limit}
	size := func(h *zip.FileHeader) int64 { return int64(h.CompressedSize64) + headOf + 2*int64(len(h.Name)) }
	slices.SortStableFunc(files, func(a, b *zip.FileHeader) int { return cmp.Compare(size(b), size(a)) })
	left := p.size
	for _, h := range files {
		if left <= p.limit {
			break
		}
		left -= size(h)
		e.LeaveOut = append(e.LeaveOut, h.Name)
	}
	return e
}
