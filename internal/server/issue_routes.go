package server

import (
	"strings"

	"github.com/go-chi/chi/v5"
)

// healthFormPage is the page that shows a form about issues or connections.
func healthFormPage(segments []string) string {
	path := strings.Join(segments, "/")
	switch last := segments[len(segments)-1]; {
	case last == "feed":
		return strings.TrimSuffix(path, "/feed")
	case segments[2] == "settings":
		return strings.Join(segments[:5], "/")
	case last == "issues":
		return path + "/new"
	case last == "note":
		return strings.TrimSuffix(path, "/note")
	case len(segments) == 4:
		return path + "/edit"
	}
	return strings.Join(segments[:4], "/")
}

// issueRoutes are the pages of known issues and of where they are read.
func (s *Server) issueRoutes(r chi.Router) {
	r.Get("/{desk}/issues", s.signedIn(s.issues))
	r.Get("/{desk}/issues/new", s.signedIn(s.newIssue))
	r.Post("/{desk}/issues", s.signedIn(s.recordIssue))
	r.Post("/{desk}/issues/note", s.signedIn(s.noteHealth))
	r.Get("/{desk}/issues/{issue}", s.signedIn(s.issue))
	r.Post("/{desk}/issues/{issue}", s.signedIn(s.correctIssue))
	r.Get("/{desk}/issues/{issue}/edit", s.signedIn(s.editIssue))
	r.Post("/{desk}/issues/{issue}/words", s.signedIn(s.sayOfIssue))
	r.Post("/{desk}/issues/{issue}/state", s.signedIn(s.turnIssue))

	r.Get("/{desk}/settings/health", s.signedIn(s.connections))
	r.Post("/{desk}/settings/health/feed", s.signedIn(s.switchFeed))
	r.Get("/{desk}/settings/health/{customer}", s.signedIn(s.connection))
	r.Post("/{desk}/settings/health/{customer}/consent", s.signedIn(s.askConsent))
	r.Post("/{desk}/settings/health/{customer}/poll", s.signedIn(s.tryConnection))
	r.Post("/{desk}/settings/health/{customer}/off", s.signedIn(s.switchConnectionOff))
	r.Post("/{desk}/settings/health/{customer}/subscriptions", s.signedIn(s.watchSubscription))
	r.Post("/{desk}/settings/health/{customer}/subscriptions/{subscription}/removal", s.signedIn(s.leaveSubscription))
}
