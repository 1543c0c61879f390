package portal

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// opsHandler is the machines' door: figures of the process and of its
// connections to the database.
func (p *Portal) opsHandler() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &connections{p})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(r, promhttp.HandlerOpts{}))
	h := p.Handler()
	mux.Handle("GET /healthz", h) // for probes that cannot reach the people's door
	mux.Handle("GET /readyz", h)
	return mux
}

// connections reports the pool as it stands when it is asked.
type connections struct{ p *Portal }

var connectionsDesc = prometheus.NewDesc("guichet_database_connections", "Connections to Postgres by state.", []string{"state"}, nil)

// Describe implements prometheus.Collector.
func (*connections) Describe(ch chan<- *prometheus.Desc) { ch <- connectionsDesc }

// Collect implements prometheus.Collector.
func (c *connections) Collect(ch chan<- prometheus.Metric) {
	s := c.p.DB.Pool().Stat()
	for state, n := range map[string]int32{"used": s.AcquiredConns(), "idle": s.IdleConns(), "opening": s.ConstructingConns()} {
		ch <- prometheus.MustNewConstMetric(connectionsDesc, prometheus.GaugeValue, float64(n), state)
	}
}
