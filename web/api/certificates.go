package api

import (
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// withCSV is an action whose input is a CSV file beside the query string.
func withCSV[T any](run func(c *call, in *T, file []byte) error) action {
	type given struct {
		query *T
		file  []byte
	}
	return action{
		shape: func(c *call) (any, error) {
			in := given{query: new(T)}
			if err := edge.BindQuery(c.Request, in.query); err != nil {
				return nil, err
			}
			var err error
			if in.file, err = io.ReadAll(c.Request.Body); err != nil {
				return nil, fault.New(fault.TooLarge, "too_large")
			}
			kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
			if len(in.file) > 0 && (err != nil || kind != "text/csv") {
				return nil, fault.New(fault.MediaType, "unsupported_media_type").With("type", "text/csv")
			}
			return in, nil
		},
		run: func(c *call, in any) error { g := in.(given); return run(c, g.query, g.file) },
	}
}

type importQuery struct {
	DryRun string `query:"dry_run" validate:"omitempty,oneof=0 1"`
	Center string `query:"center" validate:"max=128"`
}

// importCertificates takes a file of certificates, or tells what is wrong with it.
func (a *API) importCertificates(c *call, in *importQuery, file []byte) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	planned, err := a.People.ImportCertificates(c.ctx(), c.actor, in.Center, file, zone, in.DryRun == "1")
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{"dry_run": in.DryRun == "1", "count": len(planned), "lines": each(planned, func(p account.PlannedCertificate) gin.H {
		return gin.H{"line": p.Line, "account_id": p.Who.ID, "name": p.Who.Name.Reveal(), "key": p.New.Key, "basis": p.New.Basis, "center": orNull(p.New.Center),
			"expires_at": stampPtr(p.New.ValidUntil, zone), "ends_earlier": p.Ends}
	})})
}

func (a *API) revokeCertificate(c *call, in *reasonBody) error {
	t, err := a.People.RevokeCertificate(c.ctx(), c.actor, c.id(), c.Param("cid"), in.Reason)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, certificateJSON(t, zone))
}
