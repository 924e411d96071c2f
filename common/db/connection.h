// A session in the hands of libpqxx.
#pragma once

#include <memory>
#include <pqxx/pqxx>

#include "common/db/session.h"
#include "common/db/watchdog.h"

namespace usher::db {

// For pqxx::work and the like. It never connects by itself: where the session is lost, libpqxx
// throws broken_connection. While it is watched, no call waits beyond the deadline.
class Connection : public pqxx::connection_base {
 public:
  // `dog` must outlive it.
  Connection(std::unique_ptr<Session> session, Watchdog& dog);
  ~Connection();

  Session& session() { return *session_; }
  const Session& session() const { return *session_; }
  Watchdog::Watch& watch() { return watch_; }

 private:
  // Hands over the session's connection, which stays the session's.
  class Handover : public pqxx::connectionpolicy {
   public:
    explicit Handover(PGconn* connection);
    handle do_startconnect(handle connected) override;
    handle do_dropconnect(handle connected) noexcept override;
    handle do_disconnect(handle connected) noexcept override;

   private:
    PGconn* connection_;  // until it was handed over
  };

  const std::unique_ptr<Session> session_;
  Watchdog::Watch watch_;
  Handover handover_;
};

}  // namespace usher::db
