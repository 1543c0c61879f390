package server

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// accessRoutes are the pages of what the desk may do for its customers.
func (s *Server) accessRoutes(r chi.Router) {
	r.Get("/{desk}/settings/access", s.signedIn(s.access))
	r.Post("/{desk}/settings/access/consent", s.signedIn(s.askAccessConsent))
	r.Post("/{desk}/settings/access/poll", s.signedIn(s.tryAccess))
	r.Post("/{desk}/settings/access/off", s.signedIn(s.switchAccessOff))
	r.Get("/{desk}/settings/access/import", s.signedIn(s.accessFile))
	r.Post("/{desk}/settings/access/import", s.signedIn(s.importAccess))
	r.Get("/{desk}/settings/access/{customer}", s.signedIn(s.customerAccess))
	r.Post("/{desk}/settings/access/{customer}/facts", s.signedIn(s.saveAccessFacts))
	r.Post("/{desk}/settings/access/{customer}/relationships", s.signedIn(s.saveRelationship))
	r.Post("/{desk}/settings/access/{customer}/relationships/{relationship}", s.signedIn(s.saveRelationship))
	r.Post("/{desk}/settings/access/{customer}/relationships/{relationship}/removal", s.signedIn(s.removeRelationship))
}

// accessFormPage is the page that shows a form about access.
func accessFormPage(segments []string) string {
	if len(segments) == 5 && segments[4] != "import" {
		return strings.Join(segments[:4], "/")
	}
	return strings.Join(segments[:5], "/")
}

func (s *Server) access(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawAccess(w, r, who, http.StatusOK, func(l *page.AccessList) { l.Link = s.sessions.PopString(r.Context(), "access_link") })
}

func (s *Server) drawAccess(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.AccessList)) error {
	f := desk.AccessFilter{State: oneOf(desk.AccessState(r.URL.Query().Get("state")), desk.AccessStates())}
	p, err := s.app.AccessPage(r.Context(), who, f.After(sought(r, "after")))
	if err != nil {
		return err
	}
	l := page.AccessList{AccessPage: p}
	fill(&l)
	return s.render(w, r, status, page.Access(s.frame(r, who, "access"), l))
}

// askAccessConsent makes the link and shows it once, to who asked.
func (s *Server) askAccessConsent(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToAccess(w, r, who, func() (string, error) {
		link, err := s.app.AskAccessConsent(r.Context(), who)
		if err == nil {
			s.sessions.Put(r.Context(), "access_link", link)
			s.sessions.Put(r.Context(), "consent_at", who.Desk.Slug)
		}
		return "", err
	})
}

func (s *Server) tryAccess(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToAccess(w, r, who, func() (string, error) {
		reader, err := s.app.TryAccess(r.Context(), who)
		return accessRead(reader), err
	})
}

// accessRead is what a page says once the partner's tenant was asked.
func accessRead(r desk.AccessReader) string {
	if r.State == desk.Connected && r.Problem == "" {
		return "access.now_read"
	}
	return "access.not_read"
}

func (s *Server) switchAccessOff(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToAccess(w, r, who, func() (string, error) { return "access.now_off", s.app.SwitchAccessOff(r.Context(), who) })
}

func (s *Server) doToAccess(w http.ResponseWriter, r *http.Request, who desk.Actor, verb func() (flash string, err error)) error {
	if err := readForm(r); err != nil {
		return err
	}
	flash, err := verb()
	if wrong, ok := problems(err); ok {
		return s.drawAccess(w, r, who, http.StatusUnprocessableEntity, func(l *page.AccessList) { l.Problems = wrong })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/access", flash)
}

func (s *Server) accessFile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	i := page.AccessImport{}
	if draft, ok := s.takeDraft(r); ok {
		i.Text = draft.Get("text")
	}
	return s.render(w, r, http.StatusOK, page.ImportAccess(s.frame(r, who, "access"), i))
}

// mostImport bounds a file's text; a form with it, encoded, stays below maxUpload.
const mostImport = 3 << 20

// importAccess reads a file, or stores it. What was pasted is always shown again.
func (s *Server) importAccess(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	i, status := page.AccessImport{Read: true}, http.StatusOK
	text, err := accessText(r)
	if err == nil {
		i.AccessImport, err = s.app.ImportAccess(r.Context(), who, text, r.PostFormValue("do") != "store")
	}
	if wrong, ok := problems(err); ok {
		i.Problems, i.Read, err = wrong, false, nil
	}
	if err != nil {
		return err
	}
	if i.Text = text; len(i.Problems)+len(i.File.Problems) > 0 || i.Bad > 0 && !i.Done {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, page.ImportAccess(s.frame(r, who, "access"), i))
}

// accessText is the file of a form, else the text that was pasted. Errors: Invalid
// when there is neither, or too much.
func accessText(r *http.Request) (string, error) {
	text := r.PostForm.Get("text")
	if f, head, err := r.FormFile("file"); err == nil {
		defer func() { _ = f.Close() }()
		if head.Size > 0 {
			b, err := io.ReadAll(io.LimitReader(f, mostImport+1))
			if err != nil {
				return "", err
			}
			text = string(b)
		}
	}
	switch {
	case len(text) > mostImport:
		return text[:0], desk.NewInvalid("file", "access.error.large")
	case strings.TrimSpace(text) == "":
		return text, desk.NewInvalid("file", "access.error.file")
	}
	return text, nil
}

func (s *Server) customerAccess(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawCustomerAccess(w, r, who, http.StatusOK, func(o *page.OneAccess) {
		if id, err := desk.ParseID(r.URL.Query().Get("edit")); err == nil && who.May(desk.ManageAccess) == nil {
			o.Edit = id
		}
		if draft, ok := s.takeDraft(r); ok && draft.Has("access_name") {
			form := relationshipForm(draft)
			o.Form = &form
		} else if ok && draft.Has("azure_role") {
			o.Facts.AzureRole, o.Facts.Reseller, o.Facts.EntraPremium = draft.Get("azure_role"), draft.Get("reseller"), draft.Get("entra_premium")
		}
	})
}

func (s *Server) drawCustomerAccess(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.OneAccess)) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	c, err := s.app.CustomersAccess(r.Context(), who, id)
	if err != nil {
		return err
	}
	o := page.OneAccess{CustomersAccess: c, Facts: c.Facts}
	fill(&o)
	section := "customers"
	if who.May(desk.ManageAccess) == nil {
		section = "access"
	}
	return s.render(w, r, status, page.CustomerAccess(s.frame(r, who, section), o))
}

func relationshipForm(v url.Values) desk.RelationshipForm {
	return desk.RelationshipForm{Code: v.Get("code"), Name: v.Get("access_name"), Status: v.Get("status"), Ends: v.Get("ends"), AutoExtend: v.Has("auto_extend"), Roles: v["roles"]}
}

func (s *Server) saveAccessFacts(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToCustomerAccess(w, r, who, "access.facts_saved", func(customer desk.ID) error {
		return s.app.SaveAccessFacts(r.Context(), who, customer, r.PostFormValue("azure_role"), r.PostFormValue("reseller"), r.PostFormValue("entra_premium"))
	}, func(o *page.OneAccess) {
		o.Facts.AzureRole, o.Facts.Reseller, o.Facts.EntraPremium = r.PostFormValue("azure_role"), r.PostFormValue("reseller"), r.PostFormValue("entra_premium")
	})
}

// saveRelationship stores a new relationship, or changes one.
func (s *Server) saveRelationship(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	row := desk.Nobody
	if text := chi.URLParam(r, "relationship"); text != "" {
		var err error
		if row, err = desk.ParseID(text); err != nil {
			return err
		}
	}
	return s.doToCustomerAccess(w, r, who, "access.relation_saved", func(customer desk.ID) error {
		return s.app.SaveRelationship(r.Context(), who, customer, row, relationshipForm(r.PostForm))
	}, func(o *page.OneAccess) {
		form := relationshipForm(r.PostForm)
		o.Edit, o.Form = row, &form
	})
}

func (s *Server) removeRelationship(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	row, err := desk.ParseID(chi.URLParam(r, "relationship"))
	if err != nil {
		return err
	}
	return s.doToCustomerAccess(w, r, who, "access.relation_removed", func(customer desk.ID) error {
		return s.app.RemoveRelationship(r.Context(), who, customer, row)
	}, func(*page.OneAccess) {})
}

// doToCustomerAccess gives a form to a verb and comes back to the customer's
// access; what was wrong is said there.
func (s *Server) doToCustomerAccess(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, verb func(desk.ID) error, fill func(*page.OneAccess)) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	err = verb(id)
	if wrong, ok := problems(err); ok {
		return s.drawCustomerAccess(w, r, who, http.StatusUnprocessableEntity, func(o *page.OneAccess) {
			o.Problems = wrong
			fill(o)
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/access/"+id.String(), flash)
}

// troubledAccess is what is wrong with the access to a ticket's customer; nil where
// nothing is, or is known to be.
func (s *Server) troubledAccess(r *http.Request, who desk.Actor, customer desk.ID) (*desk.AccessTrouble, error) {
	all, err := s.app.TroubledAccess(r.Context(), who)
	if t, ok := all[customer]; ok {
		return &t, err
	}
	return nil, err
}

// takeAccessConsent takes what Microsoft sent back with the browser of who asked
// the partner's own tenant.
func (s *Server) takeAccessConsent(w http.ResponseWriter, r *http.Request, who desk.Actor, reply desk.ConsentReply) error {
	reader, err := s.app.TakeAccessConsent(r.Context(), who, reply)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/access", accessRead(reader))
}

// unknownState tells a state that no customer's consent was asked with.
func unknownState(err error) bool {
	var refused desk.ConsentRefused
	return errors.As(err, &refused) && refused.Reason == "unknown"
}
