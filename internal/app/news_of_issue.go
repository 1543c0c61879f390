package app

import "context"

// NewsOfIssue works an IssueNews.
func (a *App) NewsOfIssue(context.Context, IssueNews) error { return nil }
