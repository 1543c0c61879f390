package journey_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// screenshot is a picture that one knows again: a wide gradient with a bar in it.
func screenshot(t *testing.T, width, height int) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{uint8(60 + 120*x/width), uint8(90 + 100*y/height), 160, 255}
			if y < height/8 {
				c = color.RGBA{20, 30, 80, 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onDisk writes files to drag from.
func onDisk(t *testing.T, content map[string][]byte) func(names ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(names ...string) (paths []string) {
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
		return paths
	}
}

// state is how a file's line stands in a form.
func state(name, state string) string {
	return `.file[data-state="` + state + `"]:has(button[aria-label$="` + name + `"])`
}

// Files come by dragging, by pasting and by choosing, each with its bar; what is refused
// says why, what breaks goes on; the desk looks at pictures where they are, and its
// customer reads the answer on his phone.
func TestFilesGoBothWays(t *testing.T) {
	t.Parallel()
	site := running.StartTimeless(t)
	lea := journey.Open(t, site.Base+"/alpine", journey.View{})
	lea.SignIn(t, site.Base, "alpine", "lea@lumen.example")
	at := onDisk(t, map[string][]byte{"écran partagé.png": screenshot(t, 1200, 700), "connexion.log": []byte(strings.Repeat("09:14 échec\n", 50)), "outil.exe": []byte("MZ"),
		"trace.har": bytes.Repeat([]byte("{\"entries\": []}\n"), 300_000), "vidéo.mp4": {}})
	if err := os.Truncate(at("vidéo.mp4")[0], 260<<20); err != nil {
		t.Fatal(err)
	}
	ticket := sendsFiles(t, site, lea, at)
	looksAtPictures(t, site, ticket)
	readsOnThePhone(t, lea, ticket)
}

// sendsFiles opens a ticket with files and returns its address.
func sendsFiles(t *testing.T, site *running.Portal, p *journey.Page, at func(...string) []string) string {
	t.Helper()
	p.Go(t, site.Base+"/alpine/tickets/new")
	for name, value := range map[string]string{"kind": "problem", "service": "Microsoft Teams", "affected": "some_users", "impact": "slowed"} {
		p.Choose(t, name, value)
	}
	p.Fill(t, "subject", "Le partage d’écran reste noir")
	p.Fill(t, "body", "Voici ce que nous voyons.")
	p.Drop(t, "#body", at("écran partagé.png", "connexion.log", "outil.exe", "vidéo.mp4")...)
	p.See(t, state("écran partagé.png", "done"))
	p.See(t, state("connexion.log", "done"))
	says(t, p, state("outil.exe", "refused"), "peut s’exécuter")
	says(t, p, state("vidéo.mp4", "refused"), "Trop gros")
	p.Drop(t, "h1", at("connexion.log")...) // the same once more, beside the form: neither sent twice nor opened
	p.Paste(t, "#body", "image.png", "image/png", screenshot(t, 300, 500), "")
	p.See(t, state("image.png", "done"))
	p.Paste(t, "#body", "cellule.png", "image/png", screenshot(t, 10, 10), "A1\tB1") // a spreadsheet's text is what was meant
	p.Click(t, state("outil.exe", "refused")+" button:last-of-type")
	if !p.Focused(t, state("vidéo.mp4", "refused")+" button") {
		t.Errorf("once a file is taken out the focus is on %+v", p.Focus(t))
	}
	p.Click(t, state("connexion.log", "done")+" button:last-of-type")
	if n := p.Count(t, ".file"); n != 3 {
		t.Errorf("%d files in the form", n)
	}
	resumes(t, p, at)
	p.Axe(t)
	p.Shot(t, "files-form", journey.View{Width: journey.Phone, Dark: true})
	p.Submit(t, ".stub button")
	ticket := p.Address(t)
	p.See(t, `.bubble .file a[data-picture="écran partagé.png"] img`) // made by a job, and the page hears of it
	if n := p.Count(t, ".bubble .file"); n != 3 {
		t.Errorf("%d files on the ticket", n)
	}
	return ticket
}

// resumes loses the line in the middle of a file, and the answer to its last piece: the
// form is not sent without it, it goes on where it stood, and nothing goes twice.
func resumes(t *testing.T, p *journey.Page, at func(...string) []string) {
	t.Helper()
	journey.Ask(t, p, "lose the second piece, and the answer to the third", chromedp.Evaluate[bool](`(() => {
		const { open, send } = XMLHttpRequest.prototype;
		const pieces = window.sent = [];
		const fail = (request) => {
			document.body.dataset.lost = pieces.length;
			request.dispatchEvent(new ProgressEvent("error"));
		};
		XMLHttpRequest.prototype.open = function (...to) {
			this.addEventListener("load", (event) => {
				if (pieces.length !== 3) return;
				event.stopImmediatePropagation();
				fail(this);
			});
			open.apply(this, to);
		};
		XMLHttpRequest.prototype.send = function (body) {
			if (body?.size) pieces.push(body.size);
			if (body?.size && pieces.length === 2) fail(this);
			else send.call(this, body);
		};
		return true;
	})()`))
	p.Drop(t, "#body", at("trace.har")...)
	says(t, p, state("trace.har", "broke"), "interrompu")
	p.Shot(t, "files-broken", journey.View{Width: journey.Phone})
	p.Click(t, ".stub button")
	says(t, p, state("trace.har", "broke"), "pas encore prêt")
	if text := p.Value(t, "#body"); text != "Voici ce que nous voyons." {
		t.Errorf("the text became %q", text)
	}
	again := state("trace.har", "broke") + " button:not(:last-of-type)"
	p.Click(t, again)
	p.See(t, `[data-lost="3"] `+state("trace.har", "broke"))
	p.Click(t, again)
	p.See(t, state("trace.har", "done"))
	if got := journey.Ask(t, p, "count the pieces", chromedp.Evaluate[[]int](`window.sent`)); len(got) != 3 || got[0] <= got[1] || got[1] != got[2] {
		t.Errorf("pieces of %v bytes were sent, want the last one twice and never the first", got)
	}
}

// looksAtPictures reads the ticket at the desk, by the keyboard, and answers with
// files.
func looksAtPictures(t *testing.T, site *running.Portal, ticket string) {
	t.Helper()
	p := journey.Open(t, site.Base+"/alpine", journey.View{Dark: true, Language: "en"})
	p.SignIn(t, site.Base, "alpine", "ines@alpine.example")
	p.Go(t, ticket)
	p.See(t, ".bubble .file img")
	journey.Ask(t, p, "reach the picture", chromedp.Evaluate[bool](`document.querySelector(".bubble .file a[data-picture]").focus(), true`))
	p.Press(t, journey.Enter)
	p.See(t, "#picture[open] img")
	if name := p.See(t, "#picture h2"); name != "écran partagé.png" {
		t.Errorf("the picture is called %q", name)
	}
	p.Axe(t)
	p.Shot(t, "files-picture", journey.View{Width: journey.Phone})
	p.Press(t, journey.Right)
	p.See(t, `#picture[open] img[alt="image.png"]`)
	p.Press(t, journey.Escape)
	if p.Has(t, "#picture[open]") || !p.Focused(t, ".bubble .file a[data-picture]") {
		t.Errorf("once the picture is closed the focus is on %+v", p.Focus(t))
	}
	p.Paste(t, "#body", "réponse.png", "image/png", screenshot(t, 900, 300), "")
	p.See(t, state("réponse.png", "done"))
	p.Shot(t, "files-composer", journey.View{Width: journey.Phone})
	p.Fill(t, "body", "Please try what the picture shows.")
	p.Submit(t, "#write .if-reply.btn")
	p.Choose(t, "kind", "note")
	p.Paste(t, "#body", "interne.png", "image/png", screenshot(t, 40, 40), "")
	p.See(t, state("interne.png", "done"))
	p.Fill(t, "body", "Looks like the driver.")
	p.Submit(t, "#write .if-note.btn")
	p.See(t, `a[data-picture="interne.png"]`)
	p.Shot(t, "files-thread", journey.View{Width: journey.Phone})
}

// readsOnThePhone opens what the desk sent, and no more than that.
func readsOnThePhone(t *testing.T, p *journey.Page, ticket string) {
	t.Helper()
	p.Look(t, journey.View{Width: journey.Phone})
	p.See(t, `.entry[data-kind="desk"] .file img`)
	if p.Has(t, `[data-picture="interne.png"]`) || strings.Contains(p.Source(t), "interne.png") {
		t.Error("the customer sees the note's file")
	}
	p.FitsWidth(t)
	p.Click(t, `.entry[data-kind="desk"] .file a`)
	p.See(t, `#picture[open] img[alt="réponse.png"]`)
	p.FitsWidth(t)
	p.Shot(t, "files-phone")
	p.Click(t, "#picture button:not([type=button])")
	if p.Has(t, "#picture[open]") {
		t.Error("the picture does not close")
	}
}
