package server

import (
	"net/http"
	"net/url"
	"strconv"

	"guichet/internal/desk"
	"guichet/web/page"
)

// newTicket shows the form: to a customer's person at once, to a desk's once
// he has said for whom.
func (s *Server) newTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	q := r.URL.Query()
	form := page.NewTicketForm()
	if kind := q.Get("kind"); kind != "" {
		form.Kind, form.Ordering = kind, kind == desk.KindSubscription
	}
	if service, ok := desk.ServiceNamed(q.Get("service")); ok {
		form.Service = service.Name
	}
	form.Customer.ID, _ = desk.ParseID(q.Get("customer"))
	if draft, ok := s.takeDraft(r); ok {
		form = typedTicket(draft)
		form.Restored = true
	}
	if who.DeskSide() && form.Customer.ID == desk.Nobody {
		return s.chooseCustomer(w, r, who)
	}
	if !form.Restored {
		d, err := s.app.Draft(r.Context(), who, desk.DraftOfTicket(form.Customer.ID))
		if err != nil {
			return err
		}
		if typed := typedTicket(kept(d)); d.Fields != "" && typed.Ordering == form.Ordering {
			typed.Customer.ID, typed.Kept = form.Customer.ID, d.UpdatedAt
			form = typed
		}
	}
	return s.drawTicketForm(w, r, who, http.StatusOK, form)
}

func (s *Server) chooseCustomer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	c := page.CustomerChoice{Text: searched(r)}
	var err error
	if c.Customers, c.Next, err = s.app.Customers(r.Context(), who, c.Text, r.URL.Query().Get("after")); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.ChooseCustomer(s.frame(r, who, "queue"), c))
}

func (s *Server) submitTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	files, err := s.filedForm(w, r, who)
	if err != nil {
		return err
	}
	form := typedTicket(r.PostForm)
	form.Files.IDs = files.held
	if r.PostForm.Has("help") && !form.Ordering { // "show me the help first", without a script
		if form.Help, err = s.panel(r, who, r.PostForm); err != nil {
			return err
		}
		return s.drawTicketForm(w, r, who, http.StatusOK, form)
	}
	number := int64(0)
	if err = (desk.Invalid{Problems: files.refused}); files.ok() {
		number, err = s.submit(r, who, form)
	}
	wrong, ok := problems(err)
	if ok {
		form.Problems = wrong
		if _, over := wrong.Of("issue"); over {
			form.Issue = desk.Nobody // of what is over he must be able to let go
		}
		return s.drawTicketForm(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), "new.sent")
}

func (s *Server) submit(r *http.Request, who desk.Actor, form page.TicketForm) (int64, error) {
	since, bad := formTime(form.Since, who.Location())
	var order *desk.OrderForm
	if form.Ordering {
		order = &form.Order
	}
	return s.app.SubmitTicket(r.Context(), who, desk.Submission{
		Issue: form.Issue, Incident: form.Incident, Kind: form.Kind, Order: order, Subject: form.Subject, Body: form.Body, Service: form.Service, Region: form.Region,
		Affected: form.Affected, Impact: form.Impact, Since: since, BadSince: bad, Key: formKey(r), Accepted: form.Accepted, Files: form.Files.IDs,
	}, form.Requester)
}

// typedTicket is the form as it was typed, with a key for sending it again.
func typedTicket(v url.Values) page.TicketForm {
	form := page.TicketForm{Kind: v.Get("kind"), Subject: v.Get("subject"), Body: v.Get("body"), Service: v.Get("service"), Region: v.Get("region"),
		Affected: v.Get("affected"), Since: v.Get("since"), Impact: v.Get("impact"), Accepted: v.Get("accept"), Key: desk.NewID()}
	if key, err := desk.ParseID(v.Get("key")); err == nil {
		form.Key = key
	}
	form.Order, form.Ordering = typedOrder(v)
	form.Help.Shown = shownArticles(v)
	form.Files.IDs = heldIDs(v)
	form.Issue, _ = desk.ParseID(v.Get("issue"))
	form.Incident, _ = strconv.ParseInt(v.Get("incident"), 10, 64)
	form.Requester, _ = desk.ParseID(v.Get("requester"))
	form.Customer.ID, _ = desk.ParseID(v.Get("customer"))
	return form
}

func (s *Server) drawTicketForm(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.TicketForm) error {
	now, section := s.app.Now(), "tickets"
	var err error
	var l desk.Level
	if who.DeskSide() {
		if form.Customer, form.People, err = s.app.Customer(r.Context(), who, form.Customer.ID); err != nil {
			return err
		}
		section = "queue"
		l, _, err = s.app.CustomersLevel(r.Context(), who, form.Customer.ID, form.Service)
	} else {
		l, _, err = s.app.Mine(r.Context(), who, form.Service)
	}
	if err != nil {
		return err
	}
	customer := who.Person.CustomerID
	if who.DeskSide() {
		customer = form.Customer.ID
	}
	if form.Known, err = s.knownBefore(r, who, customer, form.Service, form.Issue); err != nil {
		return err
	}
	if desk.Chargeable(form.Kind) {
		if form.Quote, err = s.app.Quote(r.Context(), who, l, customer); err != nil {
			return err
		}
	}
	ids := form.Files.IDs
	if form.Files, err = s.showFiles(r, who, filed{held: ids}, form.Problems); err != nil {
		return err
	}
	form.Level, form.Promised = l, l.FirstReplies(now)
	form.Open, form.Until = l.Calendar.Open(now)
	return s.render(w, r, status, page.NewTicket(s.frame(r, who, section), form))
}

func ticketPath(number int64) string { return "/tickets/" + strconv.FormatInt(number, 10) }
