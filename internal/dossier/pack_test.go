package dossier

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func file(name, content string) PackFile {
	return PackFile{name, int64(len(content)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func unpack(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil || all[f.Name] != "" {
			t.Fatalf("%s: %v", f.Name, err)
		}
		all[f.Name] = string(content)
	}
	return all
}

func TestPackIsSafeAndSaysWhatItLeftOut(t *testing.T) {
	t.Parallel()
	d := Build(entraCase(t))
	d.Form = "azure_portal"
	utf16 := "\xff\xfe" + strings.Join(strings.Split("Password: hunter2\r\n", ""), "\x00") + "\x00"
	var out bytes.Buffer
	err := Pack(&out, d, []PackFile{
		file("écran d’erreur.png", "png"), file("../../etc/passwd", "x"), file(`C:\temp\Écran d'erreur.png`, "other"), file("run.pdf.exe", "MZ"), file("CON.txt", "Mot de passe : soleil"),
		file("trace.har", entry(`{"headers":[{"name":"Cookie","value":"planted"}]}`, `{}`)), file("broken.har", "{"), file("empty.log", ""),
		file(strings.Repeat("long", 40)+".txt", "long"), file("dossier.txt", "mine"), file("utf16.log", utf16), file("....", "dots"),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := unpack(t, out.Bytes())
	names := make([]string, 0, len(got))
	for name, content := range got {
		if strings.Contains(content, "planted") || strings.Contains(content, "soleil") || strings.Contains(content, "hunter2") {
			t.Errorf("%s: %s", name, content)
		}
		if strings.ContainsAny(name, `/\:`) || len(name) > 110 || ASCII(name) != name {
			t.Errorf("%q", name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{"Ecran d_erreur-2.png", "dossier-2.txt", "dossier.json", "dossier.txt", "ecran d_erreur.png", "file_", "file_CON.txt", strings.Repeat("long", 40)[:102] + ".txt", "passwd", "trace.har", "utf16.log"}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	text := got["dossier.txt"]
	for _, says := range []string{"Left out (type not accepted): run.pdf.exe", "Left out (empty): empty.log", "Left out (not a readable HAR): broken.har", "Secrets masked in: trace.har", "Secrets masked in: file_CON.txt", "Secrets masked in: utf16.log", "is dossier-2.txt"} {
		if !strings.Contains(text, says) {
			t.Errorf("does not say %q: %s", says, text)
		}
	}
	if ASCII(text) != text {
		t.Errorf("not plain: %s", text)
	}
}

func TestPackThatIsTooBigSaysWhatToLeaveOut(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 6<<20)
	rand.New(rand.NewSource(1)).Read(noise)
	files := []PackFile{file("small.bin.png", "x"), file("big.png", string(noise[:3<<20])), file("bigger.png", string(noise))}
	files[2].Bytes = 1 // whoever names a size may be wrong
	var out bytes.Buffer
	err := Pack(&out, Build(entraCase(t)), files)
	var big TooBig
	if !errors.Is(err, ErrTooBig) || !errors.As(err, &big) || !slices.Equal(big.LeaveOut, []string{"bigger.png"}) || out.Len() != 0 || big.Bytes < 9<<20 || big.Limit != 5<<20 {
		t.Errorf("%v %+v, %d bytes", err, big, out.Len())
	}
	if err := Pack(&out, Build(entraCase(t)), files[:2]); err != nil || out.Len() > 5<<20 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

func TestPackTellsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	shut := PackFile{"a.png", 3, func() (io.ReadCloser, error) { return nil, broken }}
	var out bytes.Buffer
	if err := Pack(&out, Dossier{Form: "provider"}, []PackFile{shut}); !errors.Is(err, broken) || out.Len() > 0 {
		t.Errorf("%v", err)
	}
}

func TestFilesAreJudgedByTheForm(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		file File
		want []string
	}{
		"right":            {File{Name: "écran.png", Bytes: 5 << 20}, nil},
		"program":          {File{Name: "a.EXE", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"hidden":           {File{Name: "a.pdf.exe", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"hidden by a dot":  {File{Name: "a.exe. ", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"stream":           {File{Name: "a.exe::$DATA", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"full width":       {File{Name: "a.ｅｘｅ", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"turned around":    {File{Name: "a\u202egnp.exe", Bytes: 1}, []string{"dossier.problem.file_type"}},
		"a site's trace":   {File{Name: "www.lumen.com.har", Bytes: 1}, nil},
		"empty and long":   {File{Name: strings.Repeat("é", 107) + ".txt"}, []string{"dossier.problem.file_empty", "dossier.problem.file_name"}},
		"too big":          {File{Name: "a.zip", Bytes: 5<<20 + 1}, []string{"dossier.problem.file_too_big"}},
		"no extension":     {File{Name: "README", Bytes: 1}, nil},
		"just as long":     {File{Name: strings.Repeat("é", 106) + ".txt", Bytes: 1}, nil},
		"a script of ours": {File{Name: "fix.ps1", Bytes: 1}, []string{"dossier.problem.file_type"}},
	}
	for name, c := range cases {
		if got := CheckFile("azure_portal", c.file); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := CheckFile("provider", File{Name: "a.zip", Bytes: 6 << 20}); len(got) > 0 {
		t.Errorf("by mail: %v", got)
	}
}
