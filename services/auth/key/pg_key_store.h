// KeyStore in PostgreSQL.
#pragma once

#include <string>

#include "common/db/pool.h"
#include "services/auth/key/key_store.h"

namespace usher::auth {

class PgKeyStore final : public KeyStore {
 public:
  explicit PgKeyStore(db::Pool& pool) : pool_(pool) {}

  absl::Status Note(const CallContext& call, const CompanyId& company, const std::string& key,
                    KeyState state) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
