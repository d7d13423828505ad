/** A store for AnyMQ in Redis, by Jedis. */
// the client has its module name in its manifest only
@SuppressWarnings("requires-transitive-automatic")
module io.anymq.redis {
    requires transitive io.anymq;
    requires static transitive org.jspecify;
    requires transitive redis.clients.jedis;

    exports io.anymq.redis;
}
