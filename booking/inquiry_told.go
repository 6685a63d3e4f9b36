package booking

import (
	"context"
	"time"

	"gongbang/account"
)

// QuestionsWait is the kind of the message that tells a center's staff of questions.
const QuestionsWait = "inquiry.waiting"

const (
	// tellEvery is how often the staff of a center are told at most.
	tellEvery = time.Hour
	// burst is the silence that ends a burst: what was asked last is told by then.
	burst = 2 * tellEvery
	// mostBurst bounds how many questions back the begin of a burst is looked for.
	mostBurst = 1000
)

// told is the message to the center's staff. The first question of a burst is
// told at once; then each full hour of it tells of those that came since, so
// that staff get one message an hour at most. Two of one hour are one event.
func (q *Inquiry) told(ctx context.Context, tx Tx) (account.Event, error) {
	before, err := tx.Inquiries(ctx, InquiryQuery{Center: q.CenterID, Since: q.AskedAt.Add(-24 * time.Hour), Newest: true, Limit: mostBurst})
	if err != nil {
		return account.Event{}, err
	}
	began := q.AskedAt
	for _, o := range before {
		if began.Sub(o.AskedAt) >= burst {
			break
		}
		began = o.AskedAt
	}
	at := began.Add((q.AskedAt.Sub(began) + tellEvery - 1).Truncate(tellEvery))
	minute := at.Truncate(time.Minute).Format(time.RFC3339)
	return account.Event{Kind: QuestionsWait, Key: QuestionsWait + "/" + q.CenterID + "/" + minute, Subject: q.CenterID,
		Data: map[string]string{"at": at.Format(time.RFC3339Nano)}}, nil
}
