import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { menus, prompts } from "@yingda/api";
import { SkeletonRows } from "@yingda/ui";
import { Loaded } from "../form/failure";
import { MenuEditor } from "./MenuEditor";
import { menuKeys } from "./keys";

/** `/menus/:id`: a menu of the hotline. */
export default function MenuPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const book = useQuery({ queryKey: menuKeys.one(id), queryFn: () => menus.get(id) });
  const names = useQuery({ queryKey: menuKeys.names, queryFn: menus.names });
  const said = useQuery({ queryKey: menuKeys.prompts, queryFn: prompts.all });
  const waiting = <SkeletonRows rows={6} className="p-6" />;
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col border-l bg-canvas max-md:border-l-0">
      <Loaded query={book} skeleton={waiting}>
        {(found) => (
          <Loaded query={names} skeleton={waiting}>
            {(known) => (
              <Loaded query={said} skeleton={waiting}>
                {(all) => <MenuEditor key={id} book={found} names={known} prompts={all.prompts} />}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
    </main>
  );
}
