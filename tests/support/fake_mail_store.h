// The outbox in memory.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "services/auth/mail/mail_store.h"

namespace usher::auth {

// Thread-safe. Held to its contract (contracts/mail_store_contract.h), like the real one.
class FakeMailStore final : public MailStore {
 public:
  // `clock`: the database's.
  explicit FakeMailStore(const Clock& clock) : clock_(clock) {}

  // What a transaction would do (QueueMail).
  void Queue(const MailDraft& draft) {
    const absl::MutexLock lock(&mutex_);
    Row row;
    row.mail.draft = draft;
    row.queued_at = row.due_at = clock_.Now();
    rows_.push_back(row);
  }
  // All that lies there, decoys as well.
  std::vector<MailDraft> All() {
    const absl::MutexLock lock(&mutex_);
    std::vector<MailDraft> all;
    for (const Row& row : rows_) all.push_back(row.mail.draft);
    return all;
  }
  // What Finish was told, in the order in which it was.
  std::vector<std::string> Outcomes() {
    const absl::MutexLock lock(&mutex_);
    return outcomes_;
  }

  absl::StatusOr<std::optional<QueuedMail>> Claim(const CallContext& /*call*/,
                                                  absl::Duration lease) override {
    const absl::MutexLock lock(&mutex_);
    Row* found = nullptr;
    for (Row& row : rows_) {
      if (row.dead || row.IsDecoy() || row.due_at > clock_.Now()) continue;
      if (found == nullptr || row.due_at < found->due_at) found = &row;
    }
    if (found == nullptr) return std::optional<QueuedMail>();
    ++found->mail.attempts;
    found->due_at = clock_.Now() + lease;
    found->mail.age = clock_.Now() - found->queued_at;
    return std::optional<QueuedMail>(found->mail);
  }
  absl::Status Finish(const CallContext& /*call*/, const QueuedMail& mail,
                      absl::string_view outcome) override {
    const absl::MutexLock lock(&mutex_);
    outcomes_.emplace_back(outcome);
    const auto it = std::remove_if(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.mail.draft.id == mail.draft.id;
    });
    rows_.erase(it, rows_.end());
    return absl::OkStatus();
  }
  absl::Status Postpone(const CallContext& /*call*/, const QueuedMail& mail, absl::Duration pause,
                        absl::string_view error) override {
    const absl::MutexLock lock(&mutex_);
    for (Row& row : rows_) {
      if (!row.IsHeldBy(mail)) continue;
      row.due_at = clock_.Now() + pause;
      row.last_error = std::string(error);
    }
    return absl::OkStatus();
  }
  absl::Status Bury(const CallContext& /*call*/, const QueuedMail& mail,
                    absl::string_view error) override {
    const absl::MutexLock lock(&mutex_);
    for (Row& row : rows_) {
      if (!row.IsHeldBy(mail)) continue;
      row.dead = true;
      row.due_at = clock_.Now();
      row.last_error = std::string(error);
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<ListedMail>> List(const CallContext& /*call*/, size_t most) override {
    const absl::MutexLock lock(&mutex_);
    std::vector<ListedMail> mails;
    for (const Row& row : rows_) {
      if (row.IsDecoy()) continue;
      const MailDraft& draft = row.mail.draft;
      mails.push_back({draft.id, draft.company, draft.user, draft.kind, row.dead, row.mail.attempts,
                       row.queued_at, row.due_at, row.last_error});
    }
    std::stable_sort(mails.begin(), mails.end(), [](const ListedMail& a, const ListedMail& b) {
      return a.queued_at < b.queued_at;
    });
    if (mails.size() > most) mails.resize(most);
    return mails;
  }
  absl::StatusOr<bool> SendAgain(const CallContext& /*call*/, const MailId& mail) override {
    const absl::MutexLock lock(&mutex_);
    for (Row& row : rows_) {
      if (row.mail.draft.id != mail || row.IsDecoy()) continue;
      row.dead = false;
      row.mail.attempts = 0;
      row.queued_at = row.due_at = clock_.Now();
      return true;
    }
    return false;
  }
  absl::StatusOr<MailBacklog> Count(const CallContext& /*call*/) override {
    const absl::MutexLock lock(&mutex_);
    MailBacklog backlog;
    for (const Row& row : rows_) {
      if (row.IsDecoy()) continue;
      ++(row.dead ? backlog.dead : backlog.waiting);
      if (!row.dead) backlog.oldest = std::max(backlog.oldest, clock_.Now() - row.queued_at);
    }
    return backlog;
  }
  absl::Status Forget(const CallContext& /*call*/, absl::Duration dead_for) override {
    const absl::MutexLock lock(&mutex_);
    const auto it = std::remove_if(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.IsDecoy() || (row.dead && row.due_at < clock_.Now() - dead_for);
    });
    rows_.erase(it, rows_.end());
    return absl::OkStatus();
  }

 private:
  struct Row {
    QueuedMail mail;
    bool dead = false;
    absl::Time queued_at;
    absl::Time due_at;
    std::string last_error;

    bool IsDecoy() const { return mail.draft.kind == MailKind::kDecoy; }
    bool IsHeldBy(const QueuedMail& claimed) const {
      return !dead && mail.draft.id == claimed.draft.id && mail.attempts == claimed.attempts;
    }
  };

  const Clock& clock_;
  absl::Mutex mutex_;
  std::vector<Row> rows_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> outcomes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth
