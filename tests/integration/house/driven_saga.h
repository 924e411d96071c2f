// The sagas as a client sees them: what is asked for, what was told, and what has to be there in
// the end.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/integration/house/asking.h"
#include "tests/integration/house/double_house.h"

namespace usher {

// An administrator of "acme" and one of the operator, who ask any server of a service.
class SagaClient {
 public:
  explicit SagaClient(DoubleHouse& houses);

  House& house() { return houses_.house(); }
  const std::string& admin() const { return admin_; }
  const std::string& operator_token() const { return operator_; }
  const std::string& room() const { return room_; }  // of "acme", in which everybody is welcome

 private:
  DoubleHouse& houses_;
  std::string admin_;
  std::string operator_;
  std::string room_;
};

// One saga about something of its own. Its calls wait for servers that are coming back; many may be
// driven at the same time, each by one thread.
class DrivenSaga {
 public:
  // "creation", "profile", "removal", "founding", "destruction".
  static std::unique_ptr<DrivenSaga> Make(const std::string& kind, SagaClient& client);
  virtual ~DrivenSaga() = default;

  // What must be there before. False when it could not be made; then take another one.
  virtual bool Prepare() { return true; }
  // Asks for it once, of that server of the service, with this request ID and a client's deadline.
  virtual Told Ask(const std::string& request, int number, absl::Duration patience) = 0;
  // When nothing is under way any more: everything is there or nothing is, and what was told is
  // true; then asks again, which has to work. Reports to googletest.
  virtual void Judge(Told told) = 0;

 protected:
  explicit DrivenSaga(SagaClient& client) : client_(client), house_(client.house()) {}

  std::string Rows(const std::string& service, const std::string& what) const;

  SagaClient& client_;
  House& house_;
};

}  // namespace usher
