package io.anymq.inmemory.broker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names an heir for every lane: shares differ by one at most, and as few lanes as possible move. */
final class Balancer {
    private Balancer() {}

    static void chooseSuccessors(LaneList[] lanes, List<Member> members) {
        Map<Member, List<LaneList>> shares = new HashMap<>();
        members.forEach(member -> shares.put(member, new ArrayList<>()));
        ArrayDeque<LaneList> free = new ArrayDeque<>();
        for (LaneList lane : lanes) {
            List<LaneList> share = lane.heir == null ? null : shares.get(lane.heir);
            if (share == null) {
                lane.heir = null;
                free.add(lane);
            } else {
                share.add(lane);
            }
        }
        if (members.isEmpty()) {
            return;
        }
        List<Member> largestFirst = new ArrayList<>(members);
        largestFirst.sort(
                Comparator.comparingInt((Member member) -> size(shares, member)).reversed());
        int fair = lanes.length / members.size();
        int extra = lanes.length % members.size();
        for (int i = 0; i < largestFirst.size(); i++) {
            List<LaneList> share = shares.getOrDefault(largestFirst.get(i), List.of());
            int quota = fair + (i < extra ? 1 : 0);
            while (share.size() > quota) {
                free.add(share.remove(share.size() - 1));
            }
        }
        for (int i = 0; i < largestFirst.size(); i++) {
            Member member = largestFirst.get(i);
            int quota = fair + (i < extra ? 1 : 0);
            for (int have = size(shares, member); have < quota && !free.isEmpty(); have++) {
                free.remove().heir = member;
            }
        }
    }

    private static int size(Map<Member, List<LaneList>> shares, Member member) {
        return shares.getOrDefault(member, List.of()).size();
    }
}
