package app

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PreviewAnnouncement tells whom one word to all open tickets of an issue or an
// incident would reach. Errors: ErrNotFound.
func (a *App) PreviewAnnouncement(ctx context.Context, who desk.Actor, about desk.About) (p desk.AnnouncementPreview, err error) {
	if err := who.May(desk.Announce); err != nil {
		return p, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		name, err := exists(tx, about)
		if err != nil {
			return err
		}
		p, err = preview(tx, about, who.Desk.Language)
		p.Name = name
		return err
	})
	return p, err
}

// exists names an issue or an incident of the desk, and refuses what is none.
func exists(tx *postgres.Tx, about desk.About) (name string, err error) {
	if about.Issue != desk.Nobody {
		i, err := tx.Issue(about.Issue)
		return i.Code, err
	}
	r, err := tx.IncidentRecord(about.Incident)
	return strconv.FormatInt(r.Number, 10), err
}

func preview(tx *postgres.Tx, about desk.About, ofDesk string) (desk.AnnouncementPreview, error) {
	p := desk.AnnouncementPreview{Languages: map[string]int{}}
	list, err := tx.AnnouncedLanguages(about)
	var customers []desk.ID
	for _, l := range list {
		if l.Language == "" {
			l.Language = ofDesk
		}
		p.Languages[l.Language] += l.Tickets
		p.Tickets += l.Tickets
		customers = append(customers, l.Customers...)
	}
	slices.SortFunc(customers, func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
	p.Customers = len(slices.Compact(customers))
	return p, err
}

// Announce plans one word to all open tickets of an issue or an incident, as a
// job: each gets it as a message of this person, in its own language. The same key
// twice plans it once. Errors: Invalid, by field; ErrNotFound.
func (a *App) Announce(ctx context.Context, who desk.Actor, about desk.About, texts map[string]string, key desk.ID) (desk.ID, error) {
	if err := who.May(desk.Announce); err != nil {
		return desk.Nobody, err
	}
	var id desk.ID
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if _, err := exists(tx, about); err != nil {
			return err
		}
		n, err := desk.NewAnnouncement(about, who.Person.ID, texts, key, tx.Now)
		if err != nil {
			return err
		}
		p, err := preview(tx, about, who.Desk.Language)
		if err != nil {
			return err
		}
		if p.Tickets == 0 {
			return desk.NewInvalid("", "known.error.nobody")
		}
		id, n.Total = n.ID, p.Tickets
		if err := tx.AddAnnouncement(n); err != nil || a.silent {
			return err
		}
		return tx.Enqueue(SendAnnouncement{tx.Scope.Desk, n.ID}, nil)
	})
	if key != desk.Nobody && errors.Is(err, desk.ErrConflict) {
		err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
			id, err = tx.AnnouncementByKey(who.Person.ID, key)
			return err
		})
	}
	return id, err
}

// Announcement reads one, with how far it is. Errors: ErrNotFound, also for one
// that is about something else.
func (a *App) Announcement(ctx context.Context, who desk.Actor, about desk.About, id desk.ID) (n desk.Announcement, err error) {
	if err := who.May(desk.Announce); err != nil {
		return n, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		n, err = tx.Announcement(id)
		return err
	})
	if err == nil && (n.IssueID != about.Issue || n.IncidentID != about.Incident) {
		return desk.Announcement{}, desk.ErrNotFound
	}
	return n, err
}

// mostAnnouncements is how many of one thing are listed.
const mostAnnouncements = 50

// Announcements lists the newest of an issue or an incident.
func (a *App) Announcements(ctx context.Context, who desk.Actor, about desk.About) (list []desk.Announcement, err error) {
	if err := who.May(desk.Announce); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Announcements(about, mostAnnouncements)
		return err
	})
	return list, err
}

// AboutIncident names an incident by its number, for one word to its tickets.
// Errors: ErrNotFound.
func (a *App) AboutIncident(ctx context.Context, who desk.Actor, number int64) (about desk.About, err error) {
	if err := who.May(desk.Announce); err != nil {
		return about, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.Incident(number)
		about.Incident = i.ID
		return err
	})
	return about, err
}
