// Package seed fills a database with many conversations, half of them in
// Chinese, for the load programs that read.
package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yingda/bench/internal/rig"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
)

// Size is how much there is.
type Size struct{ Conversations, Messages int }

// Folder returns a data folder with so much in it, made anew unless an earlier
// run has left one of the same size.
func Folder(s Size) string {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("yingda-bench-%d-%d", s.Conversations, s.Messages))
	done := filepath.Join(folder, "complete")
	if _, err := os.Stat(done); err == nil {
		return folder
	}
	rig.Must(os.RemoveAll(folder))
	rig.Must(os.MkdirAll(folder, 0o700))
	server := rig.Start(folder) // makes the schema, the first inbox and the administrator
	server.Stop()
	fill(filepath.Join(folder, "yingda.db"), s)
	rig.Must(os.WriteFile(done, nil, 0o600))
	return folder
}

const chunk = 500 // conversations a transaction

func fill(file string, s Size) {
	ctx := context.Background()
	db, err := store.Open(ctx, file)
	rig.Must(err)
	ins, err := db.Now().Inboxes(ctx)
	rig.Must(err)
	r := rand.New(rand.NewPCG(1, 2)) // the same data each time
	began := clock.Now().Add(-90 * 24 * time.Hour)
	step := 90 * 24 * time.Hour / time.Duration(s.Conversations+1)
	for from := 0; from < s.Conversations; from += chunk {
		rig.Must(db.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+chunk, s.Conversations); i++ {
				n := s.Messages*(i+1)/s.Conversations - s.Messages*i/s.Conversations
				if err := one(ctx, tx, r, ins[0].ID, i, n, began.Add(step*time.Duration(i))); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	rig.Must(db.Close())
}

// one writes a conversation with n messages.
func one(ctx context.Context, tx *store.Tx, r *rand.Rand, in inbox.ID, i, n int, at time.Time) error {
	chinese := i%2 == 0
	who := contact.Contact{ID: contact.NewID(at), Language: "zh", CreatedAt: at, LastSeenAt: at}
	who.Name = contact.GuestName(who.ID, "zh")
	if err := tx.InsertContact(ctx, who); err != nil {
		return err
	}
	c := conversation.Conversation{
		ID: conversation.NewID(at), Inbox: in, Channel: "webchat", Contact: who.ID, ContactName: who.Name,
		State: conversation.Closed, Language: "zh", StartedAt: at, LastAt: at, ClosedAt: at, ClosedBy: conversation.FromAgent,
	}
	if i%4 == 0 { // a quarter is still open
		c.State = conversation.Bot
	}
	c, err := tx.InsertConversation(ctx, c)
	if err != nil {
		return err
	}
	for k := range n {
		m := conversation.Message{
			ID: conversation.NewMessageID(at), Conversation: c.ID, Seq: int64(k + 1), From: conversation.FromContact, Kind: conversation.Text,
			AuthorID: who.ID.String(), Text: text(r, chinese), At: at.Add(time.Duration(k) * time.Second),
		}
		if k%2 == 1 {
			m.From, m.AuthorID = conversation.FromAgent, "bench"
		}
		if _, err := tx.InsertMessage(ctx, m); err != nil {
			return err
		}
		if err := tx.IndexMessage(ctx, m); err != nil {
			return err
		}
		c = c.Said(m)
	}
	_, err = tx.SaveConversation(ctx, c)
	return err
}

var (
	zh = strings.Fields("我的车 刹车异响 昨天 保养 以后 方向盘 抖动 请问 怎么 处理 退款 什么时候 到账 订单 已经 签收 物流 没有 更新 召回 通知 收到 了 预约 维修 门店 电话 打不通 " +
		"发票 抬头 开错 仪表盘 亮灯 充电桩 充不进 里程 三包 凭证 质保 期限 救援 拖车 多久 能到 谢谢 好的 麻烦 尽快 投诉 客服 态度 账户 登录 验证码 空调 不制冷 轮胎 漏气 导航 升级 失败")
	en = strings.Fields("my car makes a noise when braking since yesterday please advise refund for order not received delivery tracking shows delivered recall notice " +
		"appointment repair shop phone invoice wrong title dashboard warning light charging station warranty roadside assistance tow truck how long thanks account login code tyre navigation update failed")
)

func text(r *rand.Rand, chinese bool) string {
	var b strings.Builder
	for k := range 5 + r.IntN(9) {
		if chinese {
			if k > 0 && k%4 == 0 {
				b.WriteString("，")
			}
			b.WriteString(zh[r.IntN(len(zh))])
			continue
		}
		if k > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(en[r.IntN(len(en))])
	}
	return b.String()
}
