package app

import (
	"guichet/internal/desk"
)

// IssueNews is the job of telling a desk's tickets what is new of an issue: its
// state, a post, when the publisher says more, or that it is over or back.
type IssueNews struct {
	Desk  desk.ID `json:"desk"`
	Issue desk.ID `json:"issue"`
}

// Kind names the job.
func (IssueNews) Kind() string { return "issue_news" }
