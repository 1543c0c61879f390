package demo

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

//go:embed identity.html
var identityHTML string

var identityPage = template.Must(template.New("").Parse(identityHTML))

// identityWords are the sign-in page's in one language.
type identityWords struct {
	Lang, Title, Intro, Expected, Gone, Unknown string
}

var identityCopy = []identityWords{{
	Lang:     "fr",
	Title:    "Qui êtes-vous\u202f?",
	Intro:    "Cette page remplace celle de Microsoft pendant la démonstration. Choisissez une personne pour ouvrir le portail en son nom\u202f; aucun mot de passe n’est demandé.",
	Expected: "personne attendue",
	Gone:     "Cette connexion a expiré ou a déjà servi. Revenez au portail et connectez-vous à nouveau.",
	Unknown:  "Cette personne n’existe pas ici. Choisissez-en une dans la liste.",
}, {
	Lang:     "en",
	Title:    "Who are you?",
	Intro:    "This page stands in for Microsoft’s during the demonstration. Choose a person to open the portal as them; no password is asked.",
	Expected: "expected",
	Gone:     "This sign-in has expired or was used before. Go back to the portal and sign in again.",
	Unknown:  "This person does not exist here. Choose one from the list.",
}}

// showPeople is the sign-in page.
func (r *realm) showPeople(w http.ResponseWriter, request *http.Request) {
	s, err := r.find(request.FormValue("id"))
	if err != nil {
		r.render(w, request, http.StatusGone, nil)
		return
	}
	r.render(w, request, http.StatusOK, s)
}

// choosePerson takes the page's form and sends the browser on its way back.
func (r *realm) choosePerson(w http.ResponseWriter, request *http.Request) {
	s, err := r.find(request.FormValue("id"))
	if err != nil {
		r.render(w, request, http.StatusGone, nil)
		return
	}
	email := request.PostFormValue("person")
	p, ok := r.person(func(p Person) bool { return strings.EqualFold(p.Email, email) })
	if !ok {
		r.render(w, request, http.StatusUnprocessableEntity, s)
		return
	}
	r.choose(s, p)
	http.Redirect(w, request, r.base+r.prefix+authorizePath+"/callback?id="+s.id, http.StatusSeeOther)
}

// personGroup is the people under one heading.
type personGroup struct {
	Name   string
	People []Person
}

func (r *realm) render(w http.ResponseWriter, request *http.Request, status int, s *signIn) {
	page := struct {
		identityWords
		Base, Action, ID, Hint, Error string
		Groups                        []personGroup
	}{identityWords: identityCopy[readerLanguage(request)], Base: r.base, Action: r.client.signInURL}
	switch {
	case s == nil:
		page.Error = page.Gone
	case status == http.StatusUnprocessableEntity:
		page.Error = page.Unknown
	}
	if s != nil {
		page.ID, page.Hint, page.Groups = s.id, s.request.LoginHint, groupPeople(r.people)
	}
	var out bytes.Buffer
	if err := identityPage.Execute(&out, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// No form-action: browsers hold the redirect back to the portal against it.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

// groupPeople keeps the order in which groups, and people within them, come.
func groupPeople(people []Person) []personGroup {
	var groups []personGroup
	for _, p := range people {
		i := slices.IndexFunc(groups, func(g personGroup) bool { return g.Name == p.Group })
		if i < 0 {
			i = len(groups)
			groups = append(groups, personGroup{Name: p.Group})
		}
		groups[i].People = append(groups[i].People, p)
	}
	return groups
}
