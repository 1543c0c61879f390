package running

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Form is a form of a page as a browser would send it: hidden fields and
// answers filled in.
type Form struct {
	Action string
	Values url.Values
}

func newJar(t testing.TB) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return jar
}

// Page reads an answer's HTML.
func Page(t testing.TB, resp *http.Response) *goquery.Document {
	t.Helper()
	defer resp.Body.Close()
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func onlyForm(t testing.TB, resp *http.Response) Form {
	t.Helper()
	return FormOf(t, Page(t, resp).Find("form").First())
}

// FormOf reads a form element.
func FormOf(t testing.TB, form *goquery.Selection) Form {
	t.Helper()
	if form.Length() != 1 {
		t.Fatalf("%d forms where one was expected", form.Length())
	}
	f := Form{Action: form.AttrOr("action", ""), Values: url.Values{}}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		switch goquery.NodeName(s) {
		case "textarea":
			f.Values.Add(name, s.Text())
		case "select":
			o := s.Find("option[selected]")
			if o.Length() == 0 {
				o = s.Find("option").First()
			}
			f.Values.Add(name, o.AttrOr("value", o.Text()))
		default:
			kind := s.AttrOr("type", "text")
			_, checked := s.Attr("checked")
			if kind == "radio" || kind == "checkbox" {
				if checked {
					f.Values.Add(name, s.AttrOr("value", "on"))
				}
				return
			}
			f.Values.Add(name, s.AttrOr("value", ""))
		}
	})
	return f
}
