// A port: a mail server.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace usher::auth {

enum class Delivery {
  kTaken,     // the server is answerable for it now
  kLater,     // the server is there, and did not want this mail now (4xx)
  kRefused,   // the server does not want this mail, and never will (5xx)
  kNoServer,  // nobody there, or nobody that we can talk to: no mail would get through
};

struct DeliveryReport {
  Delivery outcome = Delivery::kNoServer;
  std::string detail;  // for the operator: in words, without secrets; "" where it was taken
};

// What is handed over. `message` is of ComposeMail, the addresses are of ParseMailAddress.
struct Parcel {
  std::string from;
  std::string to;
  bool takes_utf8 = false;  // only a server that offers SMTPUTF8 may be given it
  std::string message;
};

// One thread at a time.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // Ends in time whatever the server does, and soon once `ending` is true.
  virtual DeliveryReport Deliver(const Parcel& parcel,
                                 const std::shared_ptr<const std::atomic<bool>>& ending) = 0;
};

}  // namespace usher::auth
