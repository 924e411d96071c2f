// Password resets in memory, beside FakeMethodStore.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "services/auth/method/method_store.h"
#include "services/auth/reset/reset_errors.h"
#include "services/auth/reset/reset_store.h"
#include "tests/support/fake_mail_store.h"

namespace usher::auth {

// Thread-safe. Held to its contract (contracts/reset_store_contract.h), like the real one.
class FakeResetStore final : public ResetStore {
 public:
  // `clock`: the database's.
  FakeResetStore(MethodStore& methods, FakeMailStore& mails, const Clock& clock)
      : methods_(methods), mails_(mails), clock_(clock) {}

  size_t size() {
    const absl::MutexLock lock(&mutex_);
    return rows_.size();
  }

  absl::Status Replace(const CallContext& /*call*/, const ResetDraft& draft) override {
    const absl::MutexLock lock(&mutex_);
    Row& row = rows_[{draft.company, draft.principal_key}];
    const absl::Time now = clock_.Now();
    if (row.counted_since < now - absl::Hours(1)) {
      row.counted = 0;
      row.counted_since = now;
    }
    MailDraft mail = draft.mail;
    if (row.counted < draft.most_an_hour) {
      row.reset = {draft.user, draft.token_hash, draft.secret_mark};
      row.mail = draft.mail.id;
      row.expires_at = now + draft.good_for;
    } else {
      mail.kind = MailKind::kDecoy;
    }
    ++row.counted;
    mails_.Queue(mail);
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<PendingReset>> Find(const CallContext& /*call*/,
                                                   const CompanyId& company,
                                                   const std::string& principal_key) override {
    const absl::MutexLock lock(&mutex_);
    const auto found = rows_.find({company, principal_key});
    if (found == rows_.end() || found->second.expires_at <= clock_.Now()) {
      return std::optional<PendingReset>();
    }
    return std::optional<PendingReset>(found->second.reset);
  }
  absl::StatusOr<Ended> Use(const CallContext& call, const UserChange& change,
                            const std::string& token_hash, const DecideChange& decide) override {
    const absl::MutexLock lock(&mutex_);
    const auto found = rows_.find({change.company, change.edit->key.principal_key});
    if (found == rows_.end() || found->second.expires_at <= clock_.Now() ||
        found->second.reset.user != change.user || found->second.reset.token_hash != token_hash) {
      return ResetRefused();
    }
    absl::StatusOr<Ended> ended = methods_.ChangeUser(call, change, decide);
    if (!ended.ok()) return ended;
    for (auto row = rows_.begin(); row != rows_.end();) {
      const bool own = row->first.first == change.company && row->second.reset.user == change.user;
      row = own ? rows_.erase(row) : std::next(row);
    }
    return ended;
  }
  absl::StatusOr<bool> Renew(const CallContext& /*call*/, const CompanyId& company,
                             const MailId& mail, absl::Duration good_for) override {
    const absl::MutexLock lock(&mutex_);
    for (auto& [key, row] : rows_) {
      if (key.first != company || row.mail != mail) continue;
      row.expires_at = clock_.Now() + good_for;
      return true;
    }
    return false;
  }
  absl::Status Forget(const CallContext& /*call*/, absl::Duration ago) override {
    const absl::MutexLock lock(&mutex_);
    const std::vector<MailDraft> mails = mails_.All();
    for (auto row = rows_.begin(); row != rows_.end();) {
      const bool to_be_sent = std::any_of(mails.begin(), mails.end(), [&](const MailDraft& mail) {
        return mail.kind != MailKind::kDecoy && mail.id == row->second.mail;
      });
      const bool old = row->second.expires_at < clock_.Now() - ago;
      row = old && !to_be_sent ? rows_.erase(row) : std::next(row);
    }
    return absl::OkStatus();
  }

 private:
  struct Row {
    PendingReset reset;
    MailId mail;
    absl::Time expires_at;
    int64_t counted = 0;
    absl::Time counted_since = absl::InfinitePast();
  };

  MethodStore& methods_;
  FakeMailStore& mails_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::pair<CompanyId, std::string>, Row> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth
