#include "services/auth/mail/pg_mail_store.h"

#include "common/db/transaction.h"
#include "services/auth/mail/pg_mail_rows.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/mail_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_mail_store_test {

constexpr db::Statement kAge{"test_age_mails", R"sql(
  UPDATE mail_outbox SET due_at = due_at - $1::bigint * interval '1 microsecond',
                         queued_at = queued_at - $1::bigint * interval '1 microsecond'
)sql"};

class OnPostgres : public ::testing::Test {
 protected:
  MailStore& store() { return store_; }
  void Queue(const MailDraft& draft) {
    ASSERT_OK(db::InTransaction(ACall(), database_.pool(),
                                [&](db::Transaction& tx) { return QueueMail(tx, draft); }));
  }
  void Pass(absl::Duration time) {
    ASSERT_OK(db::Execute(ACall(), database_.pool(), kAge, {absl::ToInt64Microseconds(time)}));
  }

 private:
  ScratchDatabase database_{Migrations()};
  PgMailStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MailStoreContract, ::testing::Types<OnPostgres>);

}  // namespace pg_mail_store_test
}  // namespace usher::auth
