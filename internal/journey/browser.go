package journey

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// startTimeout is for a cold browser on a busy machine of two cores.
const startTimeout = 90 * time.Second

// shell is Chromium without the windows, the menus and the history that nobody sees
// here: the same pages for a third less work. Without it, it is Chromium itself.
const shell = "/usr/lib/chromium/chromium-headless-shell"

// A browser is one Chromium process. All pages of a test binary share it, each
// in a context of its own, so that none sees another's cookies.
type browser struct {
	ctx   context.Context
	close context.CancelFunc
}

var shared struct {
	once sync.Once
	browser
	err error
}

// Main runs the tests of a package and then closes the browser that they
// shared. It returns the exit status.
func Main(m *testing.M) int {
	status := m.Run()
	// With the Once spent, a browser that never started stays unstarted.
	shared.once.Do(func() { shared.err = errors.New("the tests have ended") })
	if shared.close != nil {
		shared.close()
	}
	return status
}

func sharedBrowser() (context.Context, error) {
	shared.once.Do(func() { shared.browser, shared.err = startBrowser() })
	return shared.ctx, shared.err
}

func startBrowser() (browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		// What is not this machine does not exist, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.WSURLReadTimeout(startTimeout),
	)
	if _, err := os.Stat(shell); err == nil {
		options = append(options, chromedp.ExecPath(shell))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses root with a sandbox
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	b := browser{ctx: ctx, close: func() { closeTab(); stop() }}
	if err := chromedp.Do(ctx); err != nil {
		b.close()
		return browser{}, fmt.Errorf("start chromium (make test installs it): %w", err)
	}
	return b, nil
}
